package dev.holdfast.payments.transfer;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Makes the partitions of the months to come. Should it fail for so long that there is none, ids go to the partition for the
 * rest, and move when theirs is made: nothing waits for it.
 */
@ApplicationScoped
class TransferPartitions {
    private static final Logger LOG = Logger.getLogger(TransferPartitions.class);
    private static final int MONTHS_AHEAD = 2;

    private final Pool pool;

    TransferPartitions(Pool pool) {
        this.pool = pool;
    }

    @Scheduled(every = "6h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> keep() {
        return TransferStore.keepPartitions(pool, MONTHS_AHEAD)
                .invoke(made -> {
                    if (made > 0) {
                        LOG.infof("%d partitions of transfers are new", made);
                    }
                })
                .onFailure()
                .invoke(failure -> LOG.warnf("The next month has no partition yet: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
