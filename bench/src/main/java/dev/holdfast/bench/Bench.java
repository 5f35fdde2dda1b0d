package dev.holdfast.bench;

import dev.holdfast.bench.audit.EmailHistories;
import dev.holdfast.bench.ingest.DebeziumIngest;
import dev.holdfast.bench.ingest.FeedLatency;
import dev.holdfast.bench.ingest.Flood;
import dev.holdfast.bench.ingest.PoisonedBatch;
import dev.holdfast.bench.ingest.SoftDelete;
import dev.holdfast.bench.ingest.TopicIngest;
import dev.holdfast.bench.media.DurableUploads;
import dev.holdfast.bench.media.MillionSweep;
import dev.holdfast.bench.media.Serving;
import dev.holdfast.bench.media.StoreLatency;
import dev.holdfast.bench.media.VariantSpeed;
import dev.holdfast.bench.outbox.OutboxAppendCost;
import dev.holdfast.bench.outbox.OutboxRelaySpeed;
import dev.holdfast.bench.payments.TransferSpeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures all comparisons, or those that have a figure whose name begins with the argument, and keeps the figures in
 * {@code bench/}. Runs in the repository's root.
 */
public final class Bench {
    private static final int COUNTED_RUNS = Scale.isFull() ? 3 : 1;
    private static final Path DIRECTORY = Path.of("bench");

    /** In the order in which they run. */
    private static final List<Comparison> COMPARISONS = Stream.concat(
                    Stream.of(
                            new OutboxRelaySpeed(),
                            new OutboxAppendCost(),
                            new TopicIngest(1),
                            new TopicIngest(4),
                            new DebeziumIngest(),
                            new PoisonedBatch(),
                            new FeedLatency(),
                            new Flood(),
                            new TransferSpeed(),
                            new EmailHistories(),
                            new DurableUploads(),
                            new Serving(),
                            new VariantSpeed(),
                            new StoreLatency(),
                            new MillionSweep()),
                    SoftDelete.all().stream())
            .toList();

    private Bench() {}

    public static void main(String[] args) {
        String only = args.length == 0 ? "" : args[0];
        List<Comparison> chosen = COMPARISONS.stream()
                .filter(comparison -> comparison.subjects().stream()
                        .anyMatch(subject -> subject.name().startsWith(only)))
                .toList();
        if (chosen.isEmpty()) {
            System.err.printf("No figure begins with '%s'. There are: %s%n", only, names(COMPARISONS));
            System.exit(2);
        }
        // peers leave threads behind, so the end has to be said
        try {
            measure(chosen);
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1);
        }
    }

    private static String names(List<Comparison> comparisons) {
        return comparisons.stream()
                .flatMap(comparison -> comparison.subjects().stream())
                .map(Subject::name)
                .collect(Collectors.joining(", "));
    }

    private static void measure(List<Comparison> comparisons) throws Exception {
        Path directory = Scale.isFull() ? DIRECTORY : DIRECTORY.resolve("target");
        var file = new ResultFile(directory.resolve("results.json"));
        try (Servers servers = Servers.start(DIRECTORY.resolve("target/servers"))) {
            String machine = Machine.describe(servers);
            System.out.println(machine);
            var results = new ArrayList<Result>();
            for (Comparison comparison : comparisons) {
                Optional<String> missing = comparison.missing();
                if (missing.isPresent()) {
                    System.out.printf("%nLEFT OUT: %s. %s%n", names(List.of(comparison)), missing.get());
                    continue;
                }
                List<Result> measured = measure(comparison, servers);
                results.addAll(measured);
                file.merge(measured);
            }
            System.out.printf("%n%s", Figures.table(results));
            writeFigures(directory, machine, file.read());
        }
    }

    private static List<Result> measure(Comparison comparison, Servers servers) throws Exception {
        List<Subject> subjects = comparison.subjects();
        System.out.println();
        subjects.forEach(subject -> System.out.printf("%s, beside %s%n", subject.name(), subject.peer()));
        long startNs = System.nanoTime();
        var product = new ArrayList<List<Run>>();
        var peer = new ArrayList<List<Run>>();
        for (int number = comparison.warmsUpInEachRun() ? 1 : 0; number <= COUNTED_RUNS; number++) {
            List<Run> productRuns = comparison.product(servers);
            List<Run> peerRuns = comparison.peer(servers);
            boolean warmUp = number == 0;
            print(warmUp ? "warm-up" : "run " + number, subjects, productRuns, peerRuns);
            if (!warmUp) {
                product.add(productRuns);
                peer.add(peerRuns);
            }
        }
        System.out.printf(
                "  took %d s%n", Duration.ofNanos(System.nanoTime() - startNs).toSeconds());
        return IntStream.range(0, subjects.size())
                .mapToObj(i -> Result.of(subjects.get(i), column(product, i), column(peer, i)))
                .toList();
    }

    private static List<Run> column(List<List<Run>> runs, int subject) {
        return runs.stream().map(run -> run.get(subject)).toList();
    }

    private static void print(String run, List<Subject> subjects, List<Run> product, List<Run> peer) {
        for (int i = 0; i < subjects.size(); i++) {
            System.out.printf(
                    "  %-8s %-31s product %s, peer %s %s%n",
                    run,
                    subjects.get(i).name(),
                    describe(product.get(i)),
                    describe(peer.get(i)),
                    subjects.get(i).unit());
        }
    }

    private static String describe(Run run) {
        OptionalDouble cpu = run.cpuSecondsPerMillion();
        return Figures.value(run.value())
                + (cpu.isPresent() ? " (%s CPU s per million)".formatted(Figures.value(cpu.getAsDouble())) : "");
    }

    private static void writeFigures(Path directory, String machine, List<Result> results) throws IOException {
        Files.writeString(directory.resolve("FIGURES.md"), """
                # Figures

                Written by `make bench` from `results.json`. The last run was on: %s.

                CPU: seconds per million messages, rows, events or transactions, all processes together. With the unit ms, less
                is better.

                %s""".formatted(machine, Figures.table(results)));
    }
}
