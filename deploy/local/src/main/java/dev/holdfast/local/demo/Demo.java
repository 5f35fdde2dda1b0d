package dev.holdfast.local.demo;

import dev.holdfast.local.demo.ProductIngestClient.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Three vendors send 10,000 products in disorder; then everything is counted. Each run is about products of its own, so
 * it can be repeated.
 */
final class Demo {
    private static final List<String> VENDORS = List.of("acme", "globex", "initech");
    private static final int PRODUCTS = 10_000;
    private static final int UPDATES = 15_000;
    private static final int BROKEN = 12;
    private static final String TOPIC = "vendor.products";
    private static final Duration STALL_MAX = Duration.ofSeconds(60);
    private static final String KAFKA_TIMEOUT_MS = "10000";
    private static final Duration POLL = Duration.ofMillis(200);

    private final String kafka;
    private final ProductIngestClient service;
    private final Progress progress = new Progress(System.out);

    private Demo(String kafka, ProductIngestClient service) {
        this.kafka = kafka;
        this.service = service;
    }

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        Map<String, String> environment = System.getenv();
        var service =
                new ProductIngestClient("http://localhost:" + environment.getOrDefault("PRODUCT_INGEST_PORT", "8081"));
        try {
            service.outcomes();
        } catch (IOException absent) {
            System.err.println(
                    "product-ingest does not answer: run 'make up' (or 'make start') first. " + absent.getMessage());
            System.exit(1);
        }
        new Demo("localhost:" + environment.getOrDefault("KAFKA_PORT", "19092"), service).run();
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        Instant started = Instant.now();
        String prefix = "D" + Long.toString(started.getEpochSecond(), 36).toUpperCase(Locale.ROOT);
        List<FeedRecord> feed = new FeedGenerator(new FeedSettings(
                        prefix, VENDORS, PRODUCTS, UPDATES, 0.1, 0.1, BROKEN, started.getEpochSecond()))
                .generate();
        System.out.printf(
                "%n%,d messages about %,d products of %s: updates, duplicates, latecomers, %d broken ones%n%n",
                feed.size(), PRODUCTS, String.join(", ", VENDORS), BROKEN);

        Map<Outcome, Long> before = service.outcomes();
        publish(feed);
        Map<Outcome, Long> counted = awaitCounted(before, feed.size());
        boolean allCounted = printOutcomes(counted, feed.size());
        boolean asExpected = checkCatalogue(feed, prefix);
        printLife(feed, started);
        if (!allCounted || !asExpected) {
            System.exit(1);
        }
    }

    private void publish(List<FeedRecord> feed) throws ExecutionException, InterruptedException {
        var answers = new ArrayList<Future<?>>(feed.size());
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "acks", "all", "linger.ms", "5", "max.block.ms", KAFKA_TIMEOUT_MS),
                new StringSerializer(),
                new ByteArraySerializer())) {
            refuseAbsentKafka(producer);
            for (FeedRecord message : feed) {
                answers.add(producer.send(new ProducerRecord<>(TOPIC, message.key(), message.bytes())));
                progress.show("sent", answers.size(), feed.size());
            }
        }
        for (Future<?> answer : answers) {
            answer.get();
        }
        progress.done("sent", feed.size());
    }

    private void refuseAbsentKafka(Producer<?, ?> producer) {
        try {
            producer.partitionsFor(TOPIC);
        } catch (TimeoutException absent) {
            System.err.printf(
                    "Kafka does not answer at %s, or has no topic %s. The demo needs 'make up' or 'make start': in containers"
                            + " Kafka is not published.%n",
                    kafka, TOPIC);
            System.exit(1);
        }
    }

    private Map<Outcome, Long> awaitCounted(Map<Outcome, Long> before, long expected)
            throws IOException, InterruptedException {
        long total = 0;
        Instant lastChange = Instant.now();
        Map<Outcome, Long> since = Map.of();
        while (total < expected) {
            since = difference(service.outcomes(), before);
            long now = sum(since);
            if (now > total) {
                lastChange = Instant.now();
            } else if (lastChange.plus(STALL_MAX).isBefore(Instant.now())) {
                break;
            }
            total = now;
            progress.show("counted", total, expected);
            Thread.sleep(POLL);
        }
        progress.done("counted", total);
        return since;
    }

    private static boolean printOutcomes(Map<Outcome, Long> counted, long sent) {
        System.out.println();
        counted.forEach((outcome, count) -> System.out.printf("  %-12s %,8d%n", outcome.word(), count));
        long total = sum(counted);
        System.out.printf(
                "  %-12s %,8d   sent %,d: %s%n%n",
                "total", total, sent, total == sent ? "nothing lost, nothing doubled" : "NOT THE SAME");
        return total == sent;
    }

    private boolean checkCatalogue(List<FeedRecord> feed, String prefix) throws IOException, InterruptedException {
        var found = new HashMap<String, Long>();
        for (String vendor : VENDORS) {
            found.putAll(service.versions(vendor, prefix));
        }
        boolean same = found.equals(FeedGenerator.highestVersions(feed));
        System.out.printf(
                "The catalogue has %,d of these products, %s%n%n",
                found.size(),
                same ? "each in the newest version that was sent" : "and NOT all in their newest version");
        return same;
    }

    private void printLife(List<FeedRecord> feed, Instant since) throws IOException, InterruptedException {
        Map<String, List<FeedRecord>> byProduct =
                feed.stream().filter(message -> !message.isBroken()).collect(Collectors.groupingBy(FeedRecord::key));
        Map.Entry<String, List<FeedRecord>> liveliest = byProduct.entrySet().stream()
                .filter(product -> product.getValue().size() <= 12)
                .max(Comparator.comparingInt(product -> product.getValue().size()))
                .orElseThrow();
        String id = liveliest.getKey();
        long newest = liveliest.getValue().stream()
                .mapToLong(FeedRecord::version)
                .max()
                .orElseThrow();
        System.out.printf("One product's life: %s%n", id);
        System.out.printf(
                "  sent, by version: %s%n",
                liveliest.getValue().stream()
                        .map(message -> Long.toString(message.version()))
                        .collect(Collectors.joining(", ")));
        System.out.println("  told on product.events:");
        for (ProductLife.Event event : ProductLife.of(id, since, newest, kafka)) {
            System.out.printf("    %s  %-16s version %d%n", event.at(), event.type(), event.version());
        }
        System.out.printf(
                "  GET /products/%s%n%s%n%n", id, service.product(id).indent(4).stripTrailing());
    }

    private static Map<Outcome, Long> difference(Map<Outcome, Long> now, Map<Outcome, Long> before) {
        var difference = new EnumMap<Outcome, Long>(Outcome.class);
        now.forEach((outcome, count) -> difference.put(outcome, count - before.getOrDefault(outcome, 0L)));
        return difference;
    }

    private static long sum(Map<Outcome, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
