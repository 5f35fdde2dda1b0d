package dev.holdfast.product.feed;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Looks after full snapshots at intervals. */
@ApplicationScoped
class SnapshotSchedule {
    private static final Logger LOG = Logger.getLogger(SnapshotSchedule.class);

    private final SnapshotKeeper keeper;

    SnapshotSchedule(SnapshotKeeper keeper) {
        this.keeper = keeper;
    }

    /** Never fails: what goes wrong now is tried again next time. */
    @Scheduled(every = "{product.snapshot.interval}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return keeper.keep()
                .onFailure()
                .invoke(failure -> LOG.warnf("Snapshots could not be looked after: %s", failure))
                .onFailure()
                .recoverWithNull();
    }
}
