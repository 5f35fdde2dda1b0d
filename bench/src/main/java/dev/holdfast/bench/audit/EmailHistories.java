package dev.holdfast.bench.audit;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who had which address when: encrypted, proven, with each look noted, beside what one would write in an application with Hibernate
 * Envers, and beside temporal ranges of PostgreSQL 18 from plain JDBC. The service answers over HTTP; changes are made in process, as
 * the peers make theirs, and over HTTP.
 */
public final class EmailHistories implements Comparison {
    private static final int SEALED = Scale.of(500);

    /** Each figure beside each peer. */
    private enum Peer {
        ENVERS("envers", "Hibernate Envers 7, default strategy, in the schema that it makes"),
        ENVERS_INDEXED("envers-indexed", "Hibernate Envers 7, default strategy, with indexes on revision and time"),
        ENVERS_VALIDITY("validity", "Hibernate Envers 7, validity strategy, with indexes on revision and time"),
        RANGES("ranges", "PostgreSQL 18 WITHOUT OVERLAPS, plain JDBC");

        private final String word;
        private final String description;

        Peer(String word, String description) {
            this.word = word;
            this.description = description;
        }

        History filled(Servers servers, Past past) throws Exception {
            int connections = HistoryFigures.WRITERS_MAX;
            return switch (this) {
                case ENVERS ->
                    EnversHistory.filled(servers, EnversHistory.Strategy.DEFAULT, List.of(), past, connections);
                case ENVERS_INDEXED ->
                    EnversHistory.filled(
                            servers, EnversHistory.Strategy.DEFAULT, EnversHistory.INDEXES, past, connections);
                case ENVERS_VALIDITY ->
                    EnversHistory.filled(
                            servers, EnversHistory.Strategy.VALIDITY, EnversHistory.INDEXES, past, connections);
                case RANGES -> RangeHistory.filled(servers, past, connections);
            };
        }
    }

    private static final Map<String, Goal> GOALS = Map.of(
            "as-of-1000-p50 envers", new Goal.RatioAtMost(0.0333),
            "as-of-1000-p50 validity", new Goal.RatioAtMost(0.1),
            "changes-8 envers", new Goal.RatioAtLeast(4));

    private static final List<HistoryFigures.Figure> FIGURES = Stream.concat(
                    HistoryFigures.ALL.stream(), HistoryFigures.OVER_HTTP.stream())
            .toList();

    private final Past past = new Past();
    private @Nullable List<Run> own;

    @Override
    public List<Subject> subjects() {
        var subjects = new ArrayList<Subject>();
        for (Peer peer : Peer.values()) {
            for (HistoryFigures.Figure figure : FIGURES) {
                subjects.add(new Subject(
                        "audit-%s-%s".formatted(figure.name(), peer.word),
                        figure.unit(),
                        peer.description,
                        GOALS.get(figure.name() + " " + peer.word)));
            }
        }
        subjects.add(new Subject(
                "audit-as-of-flat", "ms", "its own read of a user with 10 versions", new Goal.RatioAtMost(1.5)));
        subjects.add(new Subject(
                "audit-packed-bytes", "bytes", "its own versions outside of packs", new Goal.ValueBelow(45.5)));
        subjects.add(new Subject("audit-seal-lag-p99", "ms", "its own median", new Goal.ValueBelow(150)));
        return subjects;
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        try (var service = UserAuditService.filled(servers, past)) {
            double packed = service.packedBytesPerVersion();
            List<Run> figures = figures(servers, service);
            Run lag = service.sealLag(SEALED);
            own = figures;
            var runs = new ArrayList<Run>();
            for (Peer ignored : Peer.values()) {
                runs.addAll(figures);
            }
            runs.add(figure(figures, "as-of-100000-p50"));
            runs.add(figures.getFirst().withValue(packed));
            runs.add(lag);
            return runs;
        }
    }

    private List<Run> figures(Servers servers, UserAuditService service) throws Exception {
        try (var inProcess = service.inProcess()) {
            var figures = new ArrayList<Run>(new HistoryFigures(servers, inProcess).measure(past));
            figures.addAll(new HistoryFigures(servers, service).changes());
            return figures;
        }
    }

    private static Run figure(List<Run> figures, String name) {
        return figures.get(HistoryFigures.ALL.stream()
                .map(HistoryFigures.Figure::name)
                .toList()
                .indexOf(name));
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        List<Run> beside = own;
        if (beside == null) {
            throw new IllegalStateException("The product runs first");
        }
        var runs = new ArrayList<Run>();
        for (Peer peer : Peer.values()) {
            try (History history = peer.filled(servers, past)) {
                List<Run> figures = new HistoryFigures(servers, history).measure(past);
                runs.addAll(figures);
                runs.add(figure(figures, "changes-8"));
                runs.add(figure(figures, "changes-64"));
            }
        }
        runs.add(figure(beside, "as-of-10-p50"));
        runs.add(figure(beside, "bytes-per-version"));
        runs.add(figure(beside, "as-of-10-p50"));
        return runs;
    }
}
