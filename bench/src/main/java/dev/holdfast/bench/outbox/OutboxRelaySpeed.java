package dev.holdfast.bench.outbox;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import dev.holdfast.platform.outbox.OutboxConfig;
import dev.holdfast.platform.outbox.OutboxRelay;
import dev.holdfast.platform.outbox.RelayProducer;
import dev.holdfast.testkit.TestKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;

/**
 * How fast a backlog leaves: 200,000 events of 1,000 aggregates to a topic of 4 partitions. The order within each
 * aggregate is read back from the topic, which is more than the peer promises.
 */
public final class OutboxRelaySpeed implements Comparison {
    private static final int VERSIONS = Scale.of(200);
    private static final int AGGREGATES = 1_000;
    private static final int EVENTS = AGGREGATES * VERSIONS;
    private static final int PARTITIONS = 4;
    private static final int CONNECTIONS = 20;
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /** The defaults of a service. */
    private record Config(
            String source,
            boolean relayEnabled,
            int claimSize,
            Duration leaseDuration,
            Duration pollMin,
            Duration gather,
            Duration pollMax)
            implements OutboxConfig {
        static Config standard() {
            return new Config(
                    "/bench",
                    true,
                    1000,
                    Duration.ofSeconds(10),
                    Duration.ofMillis(5),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200));
        }
    }

    @Override
    public List<Subject> subjects() {
        return List.of(new Subject(
                "bulk-outbox-relay",
                "events/s",
                "transaction-outbox 4.2: flush in batches of 1,000, 8 threads, unordered",
                new Goal.RatioAtLeast(10)));
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        TestKafka kafka = servers.kafka();
        String topic = kafka.freshTopic(PARTITIONS);
        Schema schema = Schema.fresh(servers, "product", "db/platform");
        fill(schema, topic);
        var meters = new SimpleMeterRegistry();
        Pool pool = schema.openPool(CONNECTIONS);
        Run run;
        try (var producer = RelayProducer.create(Map.of("bootstrap.servers", servers.bootstrapServers()));
                var relay = new OutboxRelay(pool, producer, Config.standard(), "bench", meters, Clock.systemUTC())) {
            Stopwatch stopwatch = servers.startStopwatch();
            relay.start();
            // counted when it is acknowledged and deleted
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(TIMEOUT)
                    .until(() -> sent(meters) >= EVENTS);
            run = stopwatch.stop(EVENTS);
        } finally {
            pool.closeAndForget();
        }
        checkOrder(kafka, topic);
        return List.of(run);
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        return List.of(GruelboxRelay.run(servers));
    }

    private static void fill(Schema schema, String topic) throws SQLException {
        schema.execute("""
                INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, payload)
                SELECT gen_random_uuid(), '%1$s', 'transfer.posted', 'account-' || i %% %2$d, 1 + i / %2$d,
                       clock_timestamp(), '%3$s'
                  FROM generate_series(0, %4$d) AS i
                 ORDER BY i
                """.formatted(topic, AGGREGATES, GruelboxRelay.PAYLOAD, EVENTS - 1));
    }

    private static long sent(SimpleMeterRegistry meters) {
        return (long) meters.get("holdfast.outbox.sent").counter().count();
    }

    private static void checkOrder(TestKafka kafka, String topic) {
        Map<String, Long> last = new HashMap<>();
        for (ConsumerRecord<String, byte[]> event : kafka.readAll(topic)) {
            var header = event.headers().lastHeader("ce_aggregateversion");
            long version = Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
            long expected = last.merge(event.key(), 1L, Long::sum);
            if (version != expected) {
                throw new IllegalStateException(
                        "%s came with version %d when %d was due".formatted(event.key(), version, expected));
            }
        }
        if (last.size() != AGGREGATES || last.values().stream().anyMatch(versions -> versions != VERSIONS)) {
            throw new IllegalStateException("Not every event of each of %d aggregates arrived".formatted(last.size()));
        }
    }
}
