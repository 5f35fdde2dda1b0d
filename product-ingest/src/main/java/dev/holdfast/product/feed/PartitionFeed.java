package dev.holdfast.product.feed;

import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A partition for as long as it is assigned to this instance: takes its records in order, each exactly once in effect.
 *
 * <p>The partition is claimed with its first record, which raises the epoch and tells where the feed stands. From then
 * on the position advances without a hole: records before it were applied by someone earlier and are dropped; records
 * beyond it mean that something is missing, so the consumer is sent back. Kafka itself can have holes (compaction,
 * expired records); one is believed when it is met a second time at the same place.
 *
 * <p>A failure that is not the data's fault is tried again for as long as the partition is ours; meanwhile nothing
 * more is taken from Kafka. Not thread-safe: records come one list after the other.
 */
final class PartitionFeed {
    private static final Logger LOG = Logger.getLogger(PartitionFeed.class);

    private final TopicPartition partition;
    private final Pool pool;
    private final FeedService service;
    private final MessageParser parser;
    private final FeedMetrics metrics;
    private final ProductConfig.Feed config;
    private final Clock clock;
    private final LongFunction<Uni<Void>> seek;

    private volatile boolean revoked;
    private @Nullable Claim claim;
    private long next;
    private Optional<Hole> suspected = Optional.empty();

    private record Hole(long from, long to) {}

    /** @param seek sends the consumer of this partition to an offset */
    PartitionFeed(
            TopicPartition partition,
            Pool pool,
            FeedService service,
            MessageParser parser,
            FeedMetrics metrics,
            ProductConfig.Feed config,
            Clock clock,
            LongFunction<Uni<Void>> seek) {
        this.partition = partition;
        this.pool = pool;
        this.service = service;
        this.parser = parser;
        this.metrics = metrics;
        this.config = config;
        this.clock = clock;
        this.seek = seek;
    }

    /** Someone else has the partition now: whatever is still under way here is given up. */
    void revoke() {
        revoked = true;
    }

    /** Completes when all records have their outcome or are no longer ours to decide on; never fails. */
    Uni<Void> take(List<ConsumerRecord<byte[], byte[]>> records) {
        return take(records, config.retryDelayMin());
    }

    private Uni<Void> take(List<ConsumerRecord<byte[], byte[]>> records, Duration pause) {
        if (revoked) {
            return Uni.createFrom().voidItem();
        }
        return claimed().chain(held -> applyFrom(held, records)).onFailure().recoverWithUni(failure -> {
            report(failure, pause);
            Duration longer = pause.multipliedBy(2);
            return Uni.createFrom()
                    .voidItem()
                    .onItem()
                    .delayIt()
                    .by(pause)
                    .chain(() -> take(
                            records, longer.compareTo(config.retryDelayMax()) < 0 ? longer : config.retryDelayMax()));
        });
    }

    private void report(Throwable failure, Duration pause) {
        if (failure instanceof FencedOffException) {
            claim = null;
            metrics.recordFenced();
            LOG.infof("%s; nothing of this batch was applied here", failure.getMessage());
        } else {
            LOG.warnf("%s waits at offset %d, trying again in %s: %s", partition, next, pause, failure);
        }
    }

    private Uni<Claim> claimed() {
        Claim held = claim;
        return held != null
                ? Uni.createFrom().item(held)
                : FeedStore.claim(pool, partition).map(granted -> {
                    claim = granted.claim();
                    next = granted.nextOffset();
                    LOG.infof(
                            "%s is ours with epoch %d from offset %d",
                            partition, granted.claim().epoch(), next);
                    return granted.claim();
                });
    }

    private Uni<Void> applyFrom(Claim held, List<ConsumerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> due =
                records.stream().filter(message -> message.offset() >= next).toList();
        if (due.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var hole = new Hole(next, due.getFirst().offset());
        if (hole.to() > hole.from() && !suspected.equals(Optional.of(hole))) {
            suspected = Optional.of(hole);
            LOG.infof("%s: offsets %d to %d are missing, asking for them", partition, hole.from(), hole.to() - 1);
            return seek.apply(next);
        }
        return Multi.createFrom()
                .iterable(due)
                .group()
                .intoLists()
                .of(config.batchSizeMax())
                .onItem()
                .transformToUniAndConcatenate(batch -> apply(held, batch))
                .collect()
                .last();
    }

    private Uni<Void> apply(Claim held, List<ConsumerRecord<byte[], byte[]>> records) {
        ConsumerRecord<byte[], byte[]> last = records.getLast();
        return Uni.createFrom()
                .item(() -> parse(records))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .chain(messages -> service.apply(new FeedBatch(Optional.of(held), messages, last.offset() + 1)))
                .invoke(() -> {
                    next = last.offset() + 1;
                    metrics.recordDelay(partition, clock.millis() - last.timestamp());
                })
                .replaceWithVoid();
    }

    private List<FeedMessage> parse(List<ConsumerRecord<byte[], byte[]>> records) {
        var messages = new ArrayList<FeedMessage>(records.size());
        for (ConsumerRecord<byte[], byte[]> message : records) {
            byte[] raw = message.value() == null ? new byte[0] : message.value();
            messages.add(new FeedMessage(
                    message.offset(),
                    message.key() == null ? null : Buffer.buffer(message.key()),
                    Buffer.buffer(raw),
                    Traces.of(message.headers()),
                    parser.parse(raw)));
        }
        return messages;
    }
}
