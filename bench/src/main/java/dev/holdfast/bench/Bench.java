package dev.holdfast.bench;

import dev.holdfast.bench.ingest.TopicIngest;
import dev.holdfast.bench.outbox.OutboxAppendCost;
import dev.holdfast.bench.outbox.OutboxRelaySpeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Measures all comparisons, or those whose names begin with the argument, and keeps the figures in {@code bench/}. Runs
 * in the repository's root.
 */
public final class Bench {
    private static final int COUNTED_RUNS = 3;
    private static final Path DIRECTORY = Path.of("bench");

    /** In the order in which they run. */
    private static final List<Comparison> COMPARISONS =
            List.of(new OutboxRelaySpeed(), new OutboxAppendCost(), new TopicIngest());

    private Bench() {}

    public static void main(String[] args) throws Exception {
        String only = args.length == 0 ? "" : args[0];
        List<Comparison> chosen = COMPARISONS.stream()
                .filter(comparison -> comparison.subject().name().startsWith(only))
                .toList();
        if (chosen.isEmpty()) {
            System.err.printf(
                    "No comparison begins with '%s'. There are: %s%n",
                    only,
                    COMPARISONS.stream()
                            .map(comparison -> comparison.subject().name())
                            .collect(Collectors.joining(", ")));
            System.exit(2);
        }
        measure(chosen);
        System.exit(0); // peers leave threads behind
    }

    private static void measure(List<Comparison> comparisons) throws Exception {
        var file = new ResultFile(DIRECTORY.resolve("results.json"));
        try (Servers servers = Servers.start(DIRECTORY.resolve("target/servers"))) {
            String machine = Machine.describe(servers);
            System.out.println(machine);
            var results = new ArrayList<Result>();
            for (Comparison comparison : comparisons) {
                Result result = measure(comparison, servers);
                results.add(result);
                file.merge(List.of(result));
            }
            System.out.printf("%n%s", Figures.table(results));
            writeFigures(machine, file.read());
        }
    }

    private static Result measure(Comparison comparison, Servers servers) throws Exception {
        System.out.printf(
                "%n%s, beside %s%n",
                comparison.subject().name(), comparison.subject().peer());
        var product = new ArrayList<Run>();
        var peer = new ArrayList<Run>();
        for (int number = 0; number <= COUNTED_RUNS; number++) {
            Run productRun = comparison.product(servers);
            Run peerRun = comparison.peer(servers);
            boolean warmUp = number == 0;
            System.out.printf(
                    "  %-8s  product %s, peer %s%n",
                    warmUp ? "warm-up" : "run " + number, describe(productRun), describe(peerRun));
            if (!warmUp) {
                product.add(productRun);
                peer.add(peerRun);
            }
        }
        return Result.of(comparison.subject(), product, peer);
    }

    private static String describe(Run run) {
        OptionalDouble cpuSeconds = run.cpuSeconds();
        return Figures.number("%,.0f/s", run.rate())
                + (cpuSeconds.isPresent() ? Figures.number(" (%.1f CPU s)", cpuSeconds.getAsDouble()) : "");
    }

    private static void writeFigures(String machine, List<Result> results) throws IOException {
        Files.writeString(DIRECTORY.resolve("FIGURES.md"), """
                # Figures

                Written by `make bench` from `results.json`. The last run was on: %s.

                %s""".formatted(machine, Figures.table(results)));
    }
}
