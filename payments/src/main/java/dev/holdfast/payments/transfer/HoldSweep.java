package dev.holdfast.payments.transfer;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Releases holds whose time is over. Each by a transfer whose id follows from the hold's, so that several instances release
 * each hold once.
 */
@ApplicationScoped
class HoldSweep {
    private static final Logger LOG = Logger.getLogger(HoldSweep.class);
    private static final int BATCH = 500;

    private final Pool pool;
    private final TransferBatcher batcher;

    HoldSweep(Pool pool, TransferBatcher batcher) {
        this.pool = pool;
        this.batcher = batcher;
    }

    @Scheduled(every = "{payments.holds.sweep-interval}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> sweep() {
        return TransferStore.overdue(pool, BATCH)
                .chain(this::release)
                .onFailure()
                .invoke(failure -> LOG.warnf("Holds that are over wait for the next sweep: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private Uni<Void> release(List<UUID> holds) {
        if (holds.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<Transfer> expiries = holds.stream()
                .map(hold -> Transfer.expire(TransferIds.following(hold, "expire"), hold))
                .toList();
        return batcher.submit(new Submission(Transfers.SERVICE, expiries))
                .chain(results -> results.stream().allMatch(TransferResult.Posted.class::isInstance)
                        ? sweep()
                        : Uni.createFrom().voidItem());
    }
}
