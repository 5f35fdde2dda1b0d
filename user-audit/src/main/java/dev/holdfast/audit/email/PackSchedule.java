package dev.holdfast.audit.email;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Packs by the clock, and makes the partitions of the months to come. What goes wrong now is tried again at the next time. */
@ApplicationScoped
class PackSchedule {
    private static final Logger LOG = Logger.getLogger(PackSchedule.class);
    private static final int MONTHS_AHEAD = 2;

    private final Packer packer;
    private final Pool pool;

    PackSchedule(Packer packer, Pool pool) {
        this.packer = packer;
        this.pool = pool;
    }

    @Scheduled(every = "{audit.packs.interval}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> pack() {
        return packer.run()
                .onFailure()
                .invoke(failure -> LOG.warnf("Old versions are not packed yet: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    @Scheduled(every = "6h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> keepPartitions() {
        return EmailStore.keepPartitions(pool, MONTHS_AHEAD)
                .onFailure()
                .invoke(failure -> LOG.warnf("The next month has no partition yet: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
