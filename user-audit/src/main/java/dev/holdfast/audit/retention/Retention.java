package dev.holdfast.audit.retention;

import dev.holdfast.audit.AuditConfig;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Lets go of what need not be kept, a batch at a time; a second run finds nothing to do. Once a day: reads have no index by time, which
 * each of them would pay for, so to find that there are no more is a look through all.
 */
@ApplicationScoped
class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final int BATCH = 10_000;

    private final Pool pool;
    private final AuditConfig.Retention config;
    private final Clock clock;

    Retention(Pool pool, AuditConfig config, Clock clock) {
        this.pool = pool;
        this.config = config.retention();
        this.clock = clock;
    }

    @Scheduled(every = "24h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> runBySchedule() {
        return run().onFailure()
                .invoke(failure -> LOG.warnf("What is old is kept for another day: %s", failure))
                .onFailure()
                .recoverWithNull();
    }

    Uni<Void> run() {
        return all(() -> RetentionStore.forgetReads(pool, clock.instant().minus(config.reads()), BATCH))
                .chain(() -> all(() -> RetentionStore.thinCheckpoints(pool, config.checkpointLeaves(), BATCH)));
    }

    private static Uni<Void> all(Supplier<Uni<Integer>> batch) {
        return batch.get().chain(deleted -> deleted < BATCH ? Uni.createFrom().voidItem() : all(batch));
    }
}
