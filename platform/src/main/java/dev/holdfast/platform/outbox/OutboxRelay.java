package dev.holdfast.platform.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.jboss.logging.Logger;

/**
 * Sends what the outbox holds: one loop per shard, each on a virtual thread of its own, so that what must happen in
 * order is written in order and no event loop waits. One more thread renews the leases.
 */
public final class OutboxRelay implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final int BACKLOG_COUNT_MAX = 10_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final OutboxConfig config;
    private final OutboxStore store;
    private final RelayMetrics metrics;
    private final List<ShardRelay> shards;
    private final List<Thread> threads = new ArrayList<>();

    /**
     * @param producer with {@code acks=all}, idempotence and no end to its retries, as {@link RelayProducer} makes it
     * @param holder names this instance in the lease table
     */
    public OutboxRelay(
            Pool pool,
            Producer<String, byte[]> producer,
            OutboxConfig config,
            String holder,
            MeterRegistry meters,
            Clock clock) {
        this.config = config;
        this.store = new OutboxStore(pool);
        this.metrics = new RelayMetrics(meters, clock);
        var sender = new EventSender(producer, URI.create(config.source()));
        this.shards = IntStream.range(0, OutboxStore.SHARDS)
                .mapToObj(shard -> new ShardRelay(shard, pool, store, sender, config, holder, metrics))
                .toList();
    }

    public void start() {
        shards.forEach(
                shard -> threads.add(Thread.ofVirtual().name(shard.name()).start(shard)));
        threads.add(Thread.ofVirtual().name("outbox-leases").start(this::keepLeases));
    }

    /** Something was committed: look now. */
    public void wake() {
        shards.forEach(ShardRelay::wake);
    }

    private void keepLeases() {
        try {
            while (true) {
                Thread.sleep(config.leaseDuration().dividedBy(3));
                shards.forEach(ShardRelay::renewLease);
                store.backlog(BACKLOG_COUNT_MAX)
                        .subscribe()
                        .with(
                                metrics::record,
                                failure -> LOG.warnf("outbox backlog not counted: %s", failure.getMessage()));
            }
        } catch (InterruptedException stopped) {
            LOG.debug("leases are no longer renewed");
        }
    }

    /** Stops the loops and hands the leases back. What was in flight may be sent again by the next holder. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(STOP_TIMEOUT);
            }
            Uni.join()
                    .all(shards.stream().map(ShardRelay::releaseLease).toList())
                    .andCollectFailures()
                    .subscribeAsCompletionStage()
                    .get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unavailable) {
            LOG.infof("leases not handed back, they expire by themselves: %s", unavailable.getMessage());
        }
    }
}
