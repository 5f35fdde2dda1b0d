package dev.holdfast.media.scrub;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Scrubs by the clock, a round at a time. What a restart breaks off is gone on with. */
@Singleton
class ScrubSchedule {
    private static final Logger LOG = Logger.getLogger(ScrubSchedule.class);

    private final Scrubber scrubber;

    ScrubSchedule(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    @Scheduled(every = "{media.scrub.every}", delayed = "5m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scrub() {
        return scrubber.run("the schedule", Integer.MAX_VALUE)
                .invoke(report -> report.ifPresent(done -> LOG.infof("Scrubbed: %s", done)))
                .onFailure()
                .invoke(failure ->
                        LOG.warnf("The scrub did not get to its end, and will go on from there: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
