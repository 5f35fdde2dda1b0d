package dev.holdfast.media.sweep;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Sweeps now and then. */
@Singleton
class SweepSchedule {
    private static final Logger LOG = Logger.getLogger(SweepSchedule.class);

    private final Sweeper sweeper;
    private final SweepMetrics metrics;

    SweepSchedule(Sweeper sweeper, SweepMetrics metrics) {
        this.sweeper = sweeper;
        this.metrics = metrics;
    }

    @Scheduled(every = "{media.sweep.every}", delayed = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> sweep() {
        return metrics.measured(sweeper.sweep(false))
                .invoke(report -> {
                    if (!report.failed().isEmpty()) {
                        LOG.errorf("Left to the next sweep: what is in %s", report.failed());
                    }
                    if (!report.equals(SweepReport.NOTHING)) {
                        LOG.infof("Swept: %s", report);
                    }
                })
                .onFailure()
                .invoke(failure -> LOG.warnf("The sweep will be tried again: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
