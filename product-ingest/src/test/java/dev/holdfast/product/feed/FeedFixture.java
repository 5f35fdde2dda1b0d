package dev.holdfast.product.feed;

import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.vendor.Vendor;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;

/** The feed without Quarkus and without Kafka: messages go in, the database tells. */
final class FeedFixture implements AutoCloseable {
    final TestSchema schema;
    final Pool pool;
    final FeedService service;
    final MessageParser parser = newParser();

    private static final Duration FUTURE_SKEW = Duration.ofMinutes(5);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final FeedMetrics metrics = new FeedMetrics(meters);
    final WaitingRoom room;
    final QuarantineService quarantine;
    final SnapshotKeeper snapshots;
    final Transactions transactions;
    final Map<String, OptionalLong> quotas = new ConcurrentHashMap<>();
    final DayClock clock = new DayClock();

    static MessageParser newParser() {
        return new MessageParser(
                new MessageRules(FeedFixture::vendor, () -> System.currentTimeMillis() + FUTURE_SKEW.toMillis()));
    }

    /** As in the local cluster: initech's versions are a clock, umbrella is switched off. */
    private static Optional<Vendor> vendor(String id) {
        return Set.of("acme", "globex", "initech", "umbrella").contains(id)
                ? Optional.of(new Vendor(id, id, !id.equals("umbrella"), OptionalLong.empty(), id.equals("initech")))
                : Optional.empty();
    }

    /** The real time, plus days. */
    static final class DayClock extends Clock {
        private Duration ahead = Duration.ZERO;

        void nextDay() {
            ahead = ahead.plusDays(1);
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private record Retry(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    FeedFixture(TestSchema schema) {
        this(schema, schema.port());
    }

    /** @param port of what stands between the feed and PostgreSQL */
    FeedFixture(TestSchema schema, int port) {
        this.schema = schema.migrate("db/platform", "db/migration");
        this.pool = schema.openPool(20, port);
        var retry = new TransactionRetry(
                new Retry(20, Duration.ofMillis(2), Duration.ofMillis(50)), RandomGenerator.getDefault(), meters);
        this.transactions = new Transactions(pool, retry);
        this.service = new FeedService(
                transactions,
                new FeedStore(config()),
                new QuotaStore(vendor -> quotas.getOrDefault(vendor, OptionalLong.empty()), clock),
                new Outbox(() -> {}),
                metrics,
                OpenTelemetry.noop().getTracer("test"),
                clock);
        this.room = new WaitingRoom(
                pool, transactions, service, parser, config().feed().fairness().waitMax());
        this.quarantine = new QuarantineService(transactions, service, parser, new Outbox(() -> {}));
        this.snapshots = snapshotsAt(clock);
    }

    /** What looks after snapshots, at another time. */
    SnapshotKeeper snapshotsAt(Clock time) {
        return new SnapshotKeeper(
                pool, transactions, new SnapshotStore(config()), new Outbox(() -> {}), config().snapshot(), time);
    }

    static Buffer buffer(String text) {
        return Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
    }

    /** As it is when nothing is set. */
    static ProductConfig config() {
        return config(Map.of());
    }

    static ProductConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(ProductConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(ProductConfig.class);
    }

    static String upsert(String vendor, String sku, long version, String name) {
        return "{\"vendor\":\"%s\",\"sku\":\"%s\",\"version\":%d,\"op\":\"upsert\",\"name\":\"%s\",\"price\":{\"amountMinor\":100,\"currency\":\"EUR\"}}"
                .formatted(vendor, sku, version, name);
    }

    static String withGtin(String vendor, String sku, long version, String gtin) {
        return upsert(vendor, sku, version, "name").replace("\"name\":", "\"gtin\":\"%s\",\"name\":".formatted(gtin));
    }

    static String delete(String vendor, String sku, long version) {
        return "{\"vendor\":\"%s\",\"sku\":\"%s\",\"version\":%d,\"op\":\"delete\"}".formatted(vendor, sku, version);
    }

    Claim claim(String topic, int partition) {
        return await(PartitionStore.claim(pool, new TopicPartition(topic, partition)))
                .claim();
    }

    /** Gives offsets back, and claims the partition as its owner would then do. */
    Claim rewind(String topic, int partition, long offset) {
        await(PartitionStore.rewind(pool, new TopicPartition(topic, partition), offset));
        return claim(topic, partition);
    }

    /** As if these were the records from this offset on. */
    List<Outcome> apply(Claim claim, long firstOffset, List<String> messages) {
        return settled(claim, firstOffset, messages).stream()
                .map(FeedService.Settled::outcome)
                .toList();
    }

    List<FeedService.Settled> settled(Claim claim, long firstOffset, List<String> messages) {
        return await(service.apply(FeedBatch.of(claim, parsed(firstOffset, messages), firstOffset + messages.size())));
    }

    /** As if by HTTP. */
    List<Outcome> post(List<String> messages) {
        return await(service.apply(FeedBatch.byHttp(parsed(0, messages)))).stream()
                .map(FeedService.Settled::outcome)
                .toList();
    }

    List<FeedMessage> parsed(long firstOffset, List<String> messages) {
        var parsed = new ArrayList<FeedMessage>();
        for (String message : messages) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            parsed.add(new FeedMessage(
                    firstOffset + parsed.size(), null, Buffer.buffer(bytes), null, parser.parse(bytes)));
        }
        return parsed;
    }

    FeedPartition partition(String topic, int partition) {
        return await(PartitionStore.all(pool)).stream()
                .filter(one -> one.topic().equals(topic) && one.partition() == partition)
                .findFirst()
                .orElseThrow();
    }

    /** Each row as one text, columns separated by a blank. */
    List<String> query(String sql) {
        return await(pool.query(sql)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> {
                            var columns = new ArrayList<String>();
                            for (int i = 0; i < row.size(); i++) {
                                columns.add(String.valueOf(row.getValue(i)));
                            }
                            return String.join(" ", columns);
                        })
                        .toList()));
    }

    static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        pool.closeAndForget();
    }
}
