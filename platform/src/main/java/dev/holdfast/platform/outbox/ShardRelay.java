package dev.holdfast.platform.outbox;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.platform.lease.Lease;
import dev.holdfast.platform.lease.LeaseStore;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Claim, send, delete, for one shard, for as long as its lease holds.
 *
 * <p>A crash between sending and deleting sends again: duplicates are possible. Reordering is not, because whoever
 * comes next begins at the first event that is still there, and because a holder that was replaced deletes nothing.
 */
final class ShardRelay implements Runnable {
    private static final Logger LOG = Logger.getLogger(ShardRelay.class);
    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(30);

    /** The longest pause while Kafka fails. */
    private static final Duration PATIENCE_MAX = Duration.ofSeconds(5);

    private final int shard;
    private final Pool pool;
    private final OutboxStore store;
    private final EventSender sender;
    private final OutboxConfig config;
    private final String holder;
    private final RelayMetrics metrics;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile @Nullable Lease lease;
    private Duration patience;

    ShardRelay(
            int shard,
            Pool pool,
            OutboxStore store,
            EventSender sender,
            OutboxConfig config,
            String holder,
            RelayMetrics metrics) {
        this.shard = shard;
        this.pool = pool;
        this.store = store;
        this.sender = sender;
        this.config = config;
        this.holder = holder;
        this.metrics = metrics;
        this.patience = config.pollMax();
    }

    String name() {
        return "outbox-" + shard;
    }

    void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Optional<Lease> held = holdLease();
                    if (held.isPresent()) {
                        serve(held.get());
                    } else {
                        Thread.sleep(config.leaseDuration().dividedBy(4));
                    }
                } catch (FencedOffException replaced) {
                    lease = null;
                    LOG.infof("%s: %s", name(), replaced.getMessage());
                } catch (ExecutionException | TimeoutException unavailable) {
                    beginAgainLater("the database", unavailable);
                }
            }
        } catch (InterruptedException | InterruptException stopped) {
            LOG.debugf("%s: stopped", name());
        }
    }

    /** A lease that outlived a failure is still ours, and is still being renewed: asking for another would never end. */
    private Optional<Lease> holdLease() throws InterruptedException, ExecutionException, TimeoutException {
        Lease held = lease;
        if (held != null) {
            return Optional.of(held);
        }
        Optional<Lease> granted = await(LeaseStore.acquire(pool, name(), holder, config.leaseDuration()));
        lease = granted.orElse(null);
        return granted;
    }

    private void serve(Lease held) throws InterruptedException, ExecutionException, TimeoutException {
        Duration idle = config.pollMin();
        while (held.equals(lease)) {
            long claimedAt = System.nanoTime();
            List<ClaimedEvent> claim = await(store.claim(shard, config.claimSize()));
            if (!claim.isEmpty()) {
                relay(held, claim);
                idle = config.pollMin();
            }
            if (claim.size() < config.claimSize()) {
                pause(idle);
                idle = longer(idle, config.pollMax());
                gather(claimedAt);
            }
        }
    }

    /** A steady trickle would otherwise cost a claim per event and shard. Whoever was idle for as long does not wait. */
    private void gather(long claimedAt) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, config.gather().toNanos() - (System.nanoTime() - claimedAt))));
    }

    private void relay(Lease held, List<ClaimedEvent> claim)
            throws InterruptedException, ExecutionException, TimeoutException {
        Delivery delivery = sender.send(claim);
        await(store.settle(held, shard, delivery));
        metrics.record(claim, delivery);
        delivery.refused()
                .forEach(refusal -> LOG.errorf(
                        "%s: aggregate %s is parked, Kafka refuses its event %s: %s",
                        name(), refusal.event().aggregateId(), refusal.event().eventId(), refusal.reason()));
        if (delivery.interruption().isPresent()) {
            beginAgainLater("Kafka", delivery.interruption().get());
        } else {
            patience = config.pollMax();
        }
    }

    private void beginAgainLater(String what, Throwable failure) throws InterruptedException {
        LOG.warnf("%s: %s does not answer, trying again in %s: %s", name(), what, patience, failure);
        Thread.sleep(patience);
        patience = longer(patience, PATIENCE_MAX);
    }

    /** Keeps the lease while the loop is busy or waits for Kafka; called from another thread. */
    void renewLease() {
        Lease held = lease;
        if (held == null) {
            return;
        }
        try {
            if (!await(LeaseStore.renew(pool, held, config.leaseDuration()))) {
                lease = null;
                wake();
            }
        } catch (ExecutionException | TimeoutException unavailable) {
            LOG.debugf("%s: not renewed: %s", name(), unavailable.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hands the shard back, so that another instance need not wait for the lease to expire. */
    Uni<Void> releaseLease() {
        Lease held = lease;
        lease = null;
        return held == null ? Uni.createFrom().voidItem() : LeaseStore.release(pool, held);
    }

    private void pause(Duration duration) throws InterruptedException {
        if (wakeUps.tryAcquire(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            wakeUps.drainPermits();
        }
    }

    private static Duration longer(Duration pause, Duration max) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(max) < 0 ? doubled : max;
    }

    private static <T> T await(Uni<T> uni) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return uni.subscribeAsCompletionStage().get(DATABASE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof FencedOffException replaced) {
                throw replaced;
            }
            throw failed;
        }
    }
}
