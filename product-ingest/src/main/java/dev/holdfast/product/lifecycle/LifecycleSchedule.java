package dev.holdfast.product.lifecycle;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Runs the archiver and the retention by the clock. What goes wrong now is tried again at the next time. */
@ApplicationScoped
class LifecycleSchedule {
    private static final Logger LOG = Logger.getLogger(LifecycleSchedule.class);

    private final Archiver archiver;
    private final Retention retention;

    LifecycleSchedule(Archiver archiver, Retention retention) {
        this.archiver = archiver;
        this.retention = retention;
    }

    void start(@Observes StartupEvent started) {
        keep().subscribe().with(done -> {});
    }

    @Scheduled(cron = "{product.archive.schedule}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> archive() {
        return quietly(
                "The archiver",
                archiver.run()
                        .invoke(run -> LOG.infof("%d products archived, %d left", run.archived(), run.eligible())));
    }

    @Scheduled(cron = "{product.retention.schedule}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> keep() {
        return quietly(
                "The retention",
                retention
                        .run(false)
                        .invoke(run -> run.tables().stream()
                                .filter(table -> !table.made().isEmpty()
                                        || !table.dropped().isEmpty())
                                .forEach(table ->
                                        LOG.infof("partitions made: %s, dropped: %s", table.made(), table.dropped()))));
    }

    private static Uni<Void> quietly(String what, Uni<?> work) {
        return work.onFailure()
                .invoke(failure -> LOG.warnf("%s did not get to its end: %s", what, failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
