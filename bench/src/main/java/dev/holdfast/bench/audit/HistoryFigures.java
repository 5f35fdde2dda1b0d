package dev.holdfast.bench.audit;

import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** What is measured of a history, alike for the product and for each peer. */
final class HistoryFigures {
    /** A figure and its unit, in the order of {@link #measure}. */
    record Figure(String name, String unit) {}

    static final List<Figure> ALL = List.of(
            new Figure("as-of-10-p50", "ms"),
            new Figure("as-of-10-p99", "ms"),
            new Figure("as-of-1000-p50", "ms"),
            new Figure("as-of-1000-p99", "ms"),
            new Figure("as-of-100000-p50", "ms"),
            new Figure("as-of-100000-p99", "ms"),
            new Figure("bytes-per-version", "bytes"),
            new Figure("changes-8", "changes/s"),
            new Figure("changes-64", "changes/s"));
    /** Of the product alone; beside the same of the peers, which know nothing of HTTP. */
    static final List<Figure> OVER_HTTP =
            List.of(new Figure("changes-8-http", "changes/s"), new Figure("changes-64-http", "changes/s"));

    static final int WRITERS_MAX = 64;

    private static final int WRITERS = 8;
    private static final int CHANGES = Scale.of(12_800);
    private static final int READS_MAX = Scale.of(2_000);
    /** A service that has just started is not yet what it is; all kinds of reads come before the first that counts. */
    private static final int WARM_UP_READS = 3 * READS_MAX;

    private static final int WARM_UP_CHANGES = 2 * CHANGES;

    private static final int READS_MIN = 5;
    /** For a history whose reads take so long that there cannot be many. */
    private static final Duration READING_MAX = Duration.ofSeconds(15);

    private final Servers servers;
    private final History history;

    HistoryFigures(Servers servers, History history) {
        this.servers = servers;
        this.history = history;
    }

    /** Of a history that has just been filled: first what reads, then what makes it grow. */
    List<Run> measure(Past past) throws Exception {
        if (history.versions() != past.versions()) {
            throw new IllegalStateException(
                    "%s has %d versions instead of %d".formatted(history, history.versions(), past.versions()));
        }
        history.check();
        var runs = new ArrayList<Run>();
        List<Past.Timeline> timelines = List.of(past.few(), past.many(), past.most());
        for (Past.Timeline timeline : timelines) {
            reads(timeline, WARM_UP_READS, READING_MAX.dividedBy(2));
        }
        for (Past.Timeline timeline : timelines) {
            Latencies latencies = asOf(timeline);
            runs.add(latencies.p50());
            runs.add(latencies.p99());
        }
        runs.add(bytesPerVersion());
        runs.addAll(changes());
        return runs;
    }

    /** By 8 and by 64 writers. */
    List<Run> changes() throws Exception {
        var runs = new ArrayList<Run>();
        changes(WRITERS_MAX, WARM_UP_CHANGES / WRITERS_MAX);
        for (int writers : List.of(WRITERS, WRITERS_MAX)) {
            runs.add(changes(writers, CHANGES / writers));
        }
        return runs;
    }

    /** In milliseconds. */
    record Latencies(Run p50, Run p99) {}

    /** Of one client that asks for the address of one user at random moments, and gets the right one. */
    Latencies asOf(Past.Timeline timeline) throws Exception {
        Stopwatch stopwatch = servers.startStopwatch();
        List<Long> sorted =
                reads(timeline, READS_MAX, READING_MAX).stream().sorted().toList();
        Run run = stopwatch.stop(sorted.size());
        return new Latencies(run.withValue(percentile(sorted, 0.5)), run.withValue(percentile(sorted, 0.99)));
    }

    private static double percentile(List<Long> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part)) / 1e6;
    }

    private List<Long> reads(Past.Timeline timeline, int max, Duration duration) throws Exception {
        var random = new Random(timeline.versions());
        var nanos = new ArrayList<Long>();
        long endNs = System.nanoTime() + duration.toNanos();
        while (nanos.size() < READS_MIN || (nanos.size() < max && System.nanoTime() < endNs)) {
            Instant moment = timeline.randomMoment(random);
            long startNs = System.nanoTime();
            String found = history.asOf(timeline.user(), moment);
            nanos.add(System.nanoTime() - startNs);
            if (!timeline.addressAt(moment).equals(found)) {
                throw new IllegalStateException("%s says that user %d had the address %s at %s instead of %s"
                        .formatted(history, timeline.user(), found, moment, timeline.addressAt(moment)));
            }
        }
        return nanos;
    }

    private record Change(long user, String address) {}

    /**
     * Per second, by that many writers at once, each the next when the last one is safe; users by Zipf's law.
     *
     * @param each changes of each writer
     */
    Run changes(int writers, int each) throws Exception {
        var zipf = new Zipf(Past.USERS);
        List<List<Change>> changes = Stream.iterate(0, writer -> writer + 1)
                .limit(writers)
                .map(writer -> {
                    var random = new Random(writer);
                    return Stream.generate(() -> zipf.pick(random))
                            .limit(each)
                            .map(user -> new Change(user, Addresses.fresh(user)))
                            .toList();
                })
                .toList();
        long expected = history.versions() + (long) writers * each;
        Run run = inParallel(changes);
        if (history.versions() != expected) {
            throw new IllegalStateException(
                    "%s has %d versions instead of %d".formatted(history, history.versions(), expected));
        }
        history.check();
        return run;
    }

    private Run inParallel(List<List<Change>> changes) throws Exception {
        try (var threads = Executors.newFixedThreadPool(changes.size())) {
            Stopwatch stopwatch = servers.startStopwatch();
            List<Future<?>> running = new ArrayList<>();
            for (List<Change> own : changes) {
                running.add(threads.submit(() -> {
                    for (Change change : own) {
                        history.change(change.user(), change.address());
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            return stopwatch.stop((long) changes.size() * changes.getFirst().size());
        }
    }

    /** With all indexes, as filled. */
    Run bytesPerVersion() throws Exception {
        Stopwatch stopwatch = servers.startStopwatch();
        long versions = history.versions();
        return stopwatch.stop(versions).withValue((double) history.bytes() / versions);
    }
}
