package dev.holdfast.platform.time;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Lets no schedule begin anything once the service ends: the scheduler itself stops after the pool of connections has closed. */
@Singleton
class ScheduleEnd {
    private final Scheduler scheduler;

    ScheduleEnd(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Before anything else ends, so that what has begun has time. */
    void stop(@Observes @Priority(0) ShutdownEvent stopping) {
        if (scheduler.isRunning()) {
            scheduler.pause();
        }
    }
}
