package dev.holdfast.product.feed;

import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.feed.FeedService.Settled;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A partition for as long as it is assigned to this instance: takes its records in order, each exactly once in effect.
 *
 * <p>First it claims the partition, which raises the epoch and tells where the feed stands, and sends the consumer
 * there. Then it goes batch by batch: while one is written, the next is read and parsed. A failure that is not the
 * data's fault is tried again for as long as the partition is ours; meanwhile the buffer fills, and nothing more is
 * fetched. Whoever finds that the epoch has been raised claims anew, but not before Kafka has said once more that the
 * partition is ours: an instance that slept past its time must not take back what another one has. Whatever nobody
 * foresaw is logged, and ends in a new claim as well: a partition never stands still in silence.
 *
 * <p>Runs on a thread of its own, to be interrupted when the partition is revoked.
 */
final class PartitionFeed implements Runnable {
    private static final Logger LOG = Logger.getLogger(PartitionFeed.class);
    private static final Duration PAUSE_CHECK = Duration.ofSeconds(1);

    /**
     * What it needs and all partitions share.
     *
     * @param deadLetters takes copies of what cannot be read, and completes when it has them
     */
    record Surroundings(
            Pool pool,
            FeedService service,
            MessageParser parser,
            Function<FeedBatch, Uni<Void>> deadLetters,
            FeedMetrics metrics,
            ProductConfig.Feed config,
            Clock clock) {}

    /** The consumer, which belongs to another thread. */
    interface Source {
        /** Records of this partition come from this offset on; what was buffered is dropped. */
        void seek(long offset);

        /** There is room again. */
        void resume();

        /** Returns when Kafka has been asked again who owns what. */
        void awaitPoll() throws InterruptedException;
    }

    private final TopicPartition partition;
    private final Surroundings surroundings;
    private final Source source;
    private final RecordBuffer buffer;
    private final BatchSizer sizer;
    private final Breaker breaker;
    private final Crowd crowd;

    private volatile long appliedOffset = -1;
    private volatile long lag;

    PartitionFeed(TopicPartition partition, Surroundings surroundings, Source source) {
        ProductConfig.Feed config = surroundings.config();
        this.partition = partition;
        this.surroundings = surroundings;
        this.source = source;
        this.buffer = new RecordBuffer(2 * config.batchSizeMax(), source::resume);
        this.sizer = new BatchSizer(
                config.batchSizeMin(), config.batchSizeMax(), config.transactionTimeMin(), config.transactionTimeMax());
        this.breaker = new Breaker(config.breaker().window(), config.breaker().shareMax());
        this.crowd = new Crowd(config.fairness().window(), config.fairness().shareMax());
    }

    /** Where the consumer puts what it fetches. */
    RecordBuffer buffer() {
        return buffer;
    }

    /** The next offset to be applied, for Kafka to know; negative before the first batch. */
    long appliedOffset() {
        return appliedOffset;
    }

    /** @param messages that are still to be fetched */
    void lagBehind(long messages) {
        lag = messages;
    }

    @Override
    public void run() {
        try {
            while (true) {
                try {
                    take(open());
                } catch (FencedOffException fenced) {
                    LOG.infof("%s; nothing of this batch was applied here", fenced.getMessage());
                    source.awaitPoll();
                } catch (RuntimeException unexpected) {
                    LOG.errorf(unexpected, "%s begins again where the database says it stands", partition);
                    surroundings.metrics().recordFailure();
                    Thread.sleep(surroundings.config().retryDelayMax());
                    source.awaitPoll();
                }
            }
        } catch (InterruptedException revoked) {
            LOG.debugf("%s is no longer ours", partition);
        }
    }

    /** Until the consumer is where the claim says, what it fetches is from elsewhere. */
    private PartitionStore.Claimed open() throws InterruptedException {
        buffer.close();
        PartitionStore.Claimed claimed = insist(() -> PartitionStore.claim(surroundings.pool(), partition), null);
        LOG.infof(
                "%s is ours with epoch %d from offset %d",
                partition, claimed.claim().epoch(), claimed.nextOffset());
        source.seek(claimed.nextOffset());
        if (claimed.pausedReason() != null) {
            waitWhilePaused(claimed.pausedReason());
        }
        return claimed;
    }

    /** A batch on its way. */
    private record Attempt(FeedBatch batch, long publishedAt, CompletableFuture<Applied> applied) {}

    /** @param time that the database took, however long the answer then lay unread */
    private record Applied(List<Settled> settled, Duration time) {}

    private void take(PartitionStore.Claimed claimed) throws InterruptedException {
        long next = claimed.nextOffset();
        Attempt attempt = null;
        long begunAt = System.nanoTime() - surroundings.config().gather().toNanos();
        while (true) {
            List<ConsumerRecord<byte[], byte[]>> records = gather(buffer.take(sizer.size(), attempt == null), begunAt);
            if (!records.isEmpty()) {
                begunAt = System.nanoTime();
                checkContinuity(claimed.claim(), next, records.getFirst().offset());
                ConsumerRecord<byte[], byte[]> last = records.getLast();
                next = last.offset() + 1;
                FeedBatch batch = crowd.crowd(FeedBatch.of(claimed.claim(), parse(records), next), isFarBehind());
                insist(() -> surroundings.deadLetters().apply(batch).replaceWith(true), null);
                settle(attempt);
                attempt = start(batch, last.timestamp());
            } else if (attempt != null) {
                settle(attempt);
                attempt = null;
            } else {
                checkClaim(claimed.claim());
            }
        }
    }

    /** A steady trickle would otherwise cost a transaction per message. Whoever comes after a pause does not wait. */
    private List<ConsumerRecord<byte[], byte[]>> gather(List<ConsumerRecord<byte[], byte[]>> records, long begunAt)
            throws InterruptedException {
        Duration rest = surroundings.config().gather().minusNanos(System.nanoTime() - begunAt);
        if (records.isEmpty() || records.size() >= surroundings.config().batchSizeMin() || rest.isNegative()) {
            return records;
        }
        Thread.sleep(rest);
        records.addAll(buffer.take(sizer.size() - records.size(), false));
        return records;
    }

    /** Where nothing arrives no batch tells that someone has paused the partition or given offsets back. */
    private void checkClaim(Claim claim) throws InterruptedException {
        long epoch = insist(
                () -> PartitionStore.find(surroundings.pool(), partition)
                        .map(found -> found.map(FeedPartition::epoch).orElse(claim.epoch())),
                null);
        if (epoch != claim.epoch()) {
            throw new FencedOffException(partition.toString(), claim.epoch());
        }
    }

    private boolean isFarBehind() {
        return lag > surroundings.config().fairness().lagMin();
    }

    private Attempt start(FeedBatch batch, long publishedAt) {
        return new Attempt(batch, publishedAt, apply(batch).subscribeAsCompletionStage());
    }

    private Uni<Applied> apply(FeedBatch batch) {
        long begunAt = System.nanoTime();
        return surroundings
                .service()
                .apply(batch)
                .map(settled -> new Applied(settled, Duration.ofNanos(System.nanoTime() - begunAt)));
    }

    private void settle(@Nullable Attempt attempt) throws InterruptedException {
        if (attempt == null) {
            return;
        }
        Applied applied = insist(() -> apply(attempt.batch()), attempt.applied());
        List<Settled> settled = applied.settled();
        sizer.record(settled.size(), applied.time());
        appliedOffset = attempt.batch().nextOffset();
        surroundings.metrics().recordDelay(partition, surroundings.clock().millis() - attempt.publishedAt());
        breaker.record(settled.size(), (int) settled.stream()
                .filter(one -> one.outcome() == Outcome.QUARANTINED)
                .count());
        if (breaker.isOpen()) {
            trip(attempt.batch().claim().orElseThrow());
        }
    }

    /** Keeps the claim and the buffer, and waits. */
    private void trip(Claim claim) throws InterruptedException {
        String reason = "breaker: " + breaker.describe();
        breaker.reset();
        surroundings.metrics().recordTrip();
        insist(() -> PartitionStore.trip(surroundings.pool(), claim, reason).replaceWith(true), null);
        waitWhilePaused(reason);
    }

    /** Until someone resumes it; after the breaker's delay it tries by itself. */
    private void waitWhilePaused(String reason) throws InterruptedException {
        LOG.warnf("%s is paused: %s", partition, reason);
        long tryAgainAt = surroundings.clock().millis()
                + surroundings.config().breaker().delay().toMillis();
        while (true) {
            Thread.sleep(PAUSE_CHECK);
            if (surroundings.clock().millis() >= tryAgainAt) {
                insist(
                        () -> PartitionStore.endTrip(surroundings.pool(), partition)
                                .replaceWith(true),
                        null);
            }
            boolean paused = insist(
                    () -> PartitionStore.find(surroundings.pool(), partition)
                            .map(found -> found.isPresent() && found.get().pausedReason() != null),
                    null);
            if (!paused) {
                LOG.infof("%s goes on", partition);
                return;
            }
        }
    }

    /**
     * Records come from where we asked. Later ones mean that those between are gone from Kafka. Earlier ones mean that
     * the topic is not the one that we knew: to drop them as known would lose them.
     */
    private void checkContinuity(Claim claim, long expected, long found) throws InterruptedException {
        if (found > expected) {
            LOG.warnf(
                    "%s has no offsets %d to %d any more: they are counted as skipped", partition, expected, found - 1);
        } else if (found < expected) {
            String reason =
                    "the topic begins anew at offset %d, although it was read up to %d: rewind to 0 if that is right"
                            .formatted(found, expected);
            insist(() -> PartitionStore.trip(surroundings.pool(), claim, reason).replaceWith(true), null);
            waitWhilePaused(reason);
            throw new FencedOffException(partition.toString(), claim.epoch());
        }
    }

    /**
     * Tries until it succeeds, with longer and longer pauses; only the loss of the claim ends it. What was carried out
     * without our knowing is not carried out again: the position has moved, and the claim counts as lost.
     */
    private <T> T insist(Supplier<Uni<T>> work, @Nullable CompletableFuture<T> begun) throws InterruptedException {
        CompletableFuture<T> result = begun == null ? work.get().subscribeAsCompletionStage() : begun;
        Duration pause = surroundings.config().retryDelayMin();
        while (true) {
            try {
                return result.get(surroundings.config().answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof FencedOffException fenced) {
                    throw fenced;
                }
                LOG.warnf("%s waits, trying again in %s: %s", partition, pause, failed.getCause());
            } catch (TimeoutException silence) {
                LOG.warnf("%s waits, trying again in %s: no answer from the database", partition, pause);
            }
            surroundings.metrics().recordFailure();
            Thread.sleep(pause);
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(surroundings.config().retryDelayMax()) < 0
                    ? longer
                    : surroundings.config().retryDelayMax();
            result = work.get().subscribeAsCompletionStage();
        }
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
                    surroundings.parser().parse(raw)));
        }
        return messages;
    }
}
