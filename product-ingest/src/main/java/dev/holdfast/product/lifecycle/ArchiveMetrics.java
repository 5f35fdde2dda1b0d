package dev.holdfast.product.lifecycle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** What people watch of the archiver. */
final class ArchiveMetrics {
    private final Counter archived;
    private final AtomicLong eligible = new AtomicLong();
    private final AtomicLong lastRun = new AtomicLong();

    ArchiveMetrics(MeterRegistry meters) {
        archived = Counter.builder("holdfast.archive.products")
                .description("Products whose content this instance has archived")
                .register(meters);
        Gauge.builder("holdfast.archive.eligible", eligible, AtomicLong::get)
                .description("Products that could be archived and were not yet, when this instance last looked")
                .register(meters);
        Gauge.builder("holdfast.archive.last.run", lastRun, AtomicLong::get)
                .description("When this instance last got to the end of a run, since 1970; 0 for never")
                .baseUnit("seconds")
                .register(meters);
    }

    void recordArchived(int count) {
        archived.increment(count);
    }

    void record(ArchiveRun run, Instant now) {
        eligible.set(run.eligible());
        if (!run.dryRun()) {
            lastRun.set(now.getEpochSecond());
        }
    }
}
