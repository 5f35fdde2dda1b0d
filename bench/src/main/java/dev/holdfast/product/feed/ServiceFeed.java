package dev.holdfast.product.feed;

import dev.holdfast.bench.Schema;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;

/**
 * {@link FeedService} on its pool, without Quarkus and without Kafka around it: batches go in as they would from a
 * partition. In this package for the reason that {@link JdbcFeed} is.
 */
public final class ServiceFeed implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Pool pool;
    private final FeedService service;
    private final MessageParser parser = JdbcFeed.parser();
    private final Claim claim;

    private record Retry(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    private ServiceFeed(Pool pool, TopicPartition partition) {
        var meters = new SimpleMeterRegistry();
        var clock = Clock.systemUTC();
        var retry = new TransactionRetry(
                new Retry(20, Duration.ofMillis(2), Duration.ofMillis(50)), RandomGenerator.getDefault(), meters);
        this.pool = pool;
        this.service = new FeedService(
                new Transactions(pool, retry),
                new FeedStore(config()),
                new QuotaStore(vendor -> OptionalLong.empty(), clock),
                new Outbox(() -> {}),
                new FeedMetrics(meters),
                OpenTelemetry.noop().getTracer("bench"),
                clock);
        this.claim =
                PartitionStore.claim(pool, partition).await().atMost(TIMEOUT).claim();
    }

    /** Claims the first partition of a topic that need not exist. */
    public static ServiceFeed open(Schema schema, int connectionsMax, String topic) {
        return new ServiceFeed(schema.openPool(connectionsMax), new TopicPartition(topic, 0));
    }

    /** As it is when nothing is set. */
    private static ProductConfig config() {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(ProductConfig.class)
                .build()
                .getConfigMapping(ProductConfig.class);
    }

    /** Parses and applies them as one batch, and returns when each has its outcome. */
    public void apply(List<byte[]> values, long firstOffset) {
        var messages = new ArrayList<FeedMessage>(values.size());
        for (byte[] value : values) {
            messages.add(new FeedMessage(
                    firstOffset + messages.size(), null, Buffer.buffer(value), null, parser.parse(value)));
        }
        service.apply(FeedBatch.of(claim, messages, firstOffset + values.size()))
                .await()
                .atMost(TIMEOUT);
    }

    @Override
    public void close() {
        pool.closeAndForget();
    }
}
