package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.testkit.TestKafka;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A vendor that publishes 1,000 messages/s whatever becomes of them, and a reader who looks when they are visible.
 *
 * <p>The time of a message runs from the moment it was due to be sent, so that a publisher that is held up does not hide
 * the delay. Every tenth message is looked for, all that are under way in one query, every 2 ms: often enough for the
 * figure, which comes out up to 2 ms too long, and seldom enough to leave the machine alone.
 */
final class SteadyFeed {
    /** New ones at first, then newer versions of them in turn. */
    static final int PRODUCTS = 10_000;

    private static final int RATE = 1_000;
    private static final int SAMPLE_EVERY = 10;
    private static final int WARM_UP = SAMPLE_EVERY * Scale.of(4 * RATE);
    private static final int COUNTED_SAMPLES = Scale.of(3 * RATE);
    private static final int COUNTED = SAMPLE_EVERY * COUNTED_SAMPLES;
    private static final long INTERVAL_NS = Duration.ofSeconds(1).toNanos() / RATE;
    private static final long LOOK_INTERVAL_NS = Duration.ofMillis(2).toNanos();
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int DIGITS = 3;

    private static final String VISIBLE = """
            SELECT sku, src_version FROM product
             WHERE (vendor_id, sku) IN (SELECT * FROM unnest(?::text[], ?::text[]))
            """;

    private final TestKafka kafka;
    private final String topic;
    private final int partitions;
    private final Histogram histogram = new Histogram(TIMEOUT.toNanos(), DIGITS);
    private final Queue<Sample> published = new ConcurrentLinkedQueue<>();

    /**
     * @param dueNs when it was to be sent
     * @param counted false while everything warms up
     */
    private record Sample(Item item, long dueNs, boolean counted) {}

    SteadyFeed(TestKafka kafka, String topic, int partitions) {
        this.kafka = kafka;
        this.topic = topic;
        this.partitions = partitions;
    }

    /** The median and the 99th percentile. */
    List<Run> measure(Catalogue catalogue) throws SQLException, InterruptedException, ExecutionException {
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                Connection connection = catalogue.schema().connect()) {
            // an index finds a few rows in any table; the planner need not know its size
            try (var statement = connection.createStatement()) {
                statement.execute("SET enable_seqscan = off");
            }
            var stopwatch = new Stopwatch();
            Future<?> publisher = thread.submit(() -> {
                publish();
                return null;
            });
            look(connection, publisher);
            publisher.get();
            Run run = stopwatch.stop(WARM_UP + COUNTED);
            if (histogram.getTotalCount() != COUNTED_SAMPLES) {
                throw new IllegalStateException("Only %d samples".formatted(histogram.getTotalCount()));
            }
            return List.of(run.withValue(ms(50)), run.withValue(ms(99)));
        }
    }

    private double ms(double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }

    private void publish() throws ExecutionException, InterruptedException {
        var sent = new ArrayList<Future<RecordMetadata>>(WARM_UP + COUNTED);
        try (var producer = kafka.producer()) {
            long startNs = System.nanoTime();
            for (int i = 0; i < WARM_UP + COUNTED; i++) {
                Item item = Item.of(i % PRODUCTS, 1 + i / PRODUCTS);
                var message = new ProducerRecord<>(topic, item.partition(partitions), item.key(), item.bytes());
                long dueNs = startNs + i * INTERVAL_NS;
                while (System.nanoTime() < dueNs) {
                    LockSupport.parkNanos(dueNs - System.nanoTime());
                }
                sent.add(producer.send(message));
                if (i % SAMPLE_EVERY == 0) {
                    published.add(new Sample(item, dueNs, i >= WARM_UP));
                }
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private void look(Connection connection, Future<?> publisher) throws SQLException {
        Map<String, Sample> underWay = new HashMap<>();
        long deadlineNs = System.nanoTime() + (WARM_UP + COUNTED) * INTERVAL_NS + TIMEOUT.toNanos();
        try (var statement = connection.prepareStatement(VISIBLE)) {
            while (!publisher.isDone() || !published.isEmpty() || !underWay.isEmpty()) {
                long lookNs = System.nanoTime();
                for (Sample sample = published.poll(); sample != null; sample = published.poll()) {
                    underWay.put(sample.item().sku(), sample);
                }
                if (!underWay.isEmpty()) {
                    record(underWay, visible(connection, statement, List.copyOf(underWay.values())));
                }
                if (lookNs > deadlineNs) {
                    throw new IllegalStateException("%d messages are not visible".formatted(underWay.size()));
                }
                LockSupport.parkNanos(lookNs + LOOK_INTERVAL_NS - System.nanoTime());
            }
        }
    }

    private void record(Map<String, Sample> underWay, Set<String> visible) {
        long nowNs = System.nanoTime();
        for (String sku : visible) {
            Sample sample = underWay.remove(sku);
            if (sample != null && sample.counted()) {
                histogram.recordValue(nowNs - sample.dueNs());
            }
        }
    }

    private static Set<String> visible(Connection connection, PreparedStatement statement, List<Sample> samples)
            throws SQLException {
        Map<String, Long> versions = new HashMap<>();
        var vendors = new ArrayList<String>();
        var skus = new ArrayList<String>();
        for (Sample sample : samples) {
            versions.put(sample.item().sku(), sample.item().version());
            vendors.add(sample.item().vendor());
            skus.add(sample.item().sku());
        }
        statement.setArray(1, connection.createArrayOf("text", vendors.toArray()));
        statement.setArray(2, connection.createArrayOf("text", skus.toArray()));
        var visible = new HashSet<String>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                String sku = rows.getString(1);
                if (rows.getLong(2) >= versions.getOrDefault(sku, Long.MAX_VALUE)) {
                    visible.add(sku);
                }
            }
        }
        return visible;
    }
}
