package dev.holdfast.media.sweep;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** What people watch of sweeps. */
final class SweepMetrics {
    private final MeterRegistry meters;
    private final Clock clock;
    private final Counter bytes;
    private final Counter held;
    private final AtomicLong lastSuccess = new AtomicLong();

    SweepMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        this.bytes = Counter.builder("holdfast.media.sweep")
                .description("Of what this instance has swept")
                .baseUnit("bytes")
                .register(meters);
        this.held = Counter.builder("holdfast.media.sweep.held")
                .description("Sweeps that a backup kept from deleting")
                .register(meters);
        Gauge.builder("holdfast.media.sweep.last.success", lastSuccess, AtomicLong::get)
                .description(
                        "When this instance last got to the end of a sweep in which no store failed, since 1970; 0 for never")
                .baseUnit("seconds")
                .register(meters);
    }

    /** To be subscribed to once. */
    Uni<SweepReport> measured(Uni<SweepReport> sweep) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample started = Timer.start(meters);
            return sweep.onItemOrFailure().invoke((report, failure) -> {
                started.stop(Timer.builder("holdfast.media.sweep.duration")
                        .description("Sweeps, to their end or to where the database failed")
                        .register(meters));
                if (failure == null) {
                    record(report);
                } else {
                    failed("database");
                }
            });
        });
    }

    private void record(SweepReport report) {
        swept("expired", report.expired());
        swept("unused", report.unused());
        swept("staged", report.staged());
        report.failed().forEach(this::failed);
        if (report.held()) {
            held.increment();
        } else {
            swept("stored", report.stored());
            bytes.increment((double) report.bytes());
        }
        if (report.failed().isEmpty()) {
            lastSuccess.set(clock.instant().getEpochSecond());
        }
    }

    private void swept(String kind, long count) {
        Counter.builder("holdfast.media.sweep.swept")
                .description(
                        "What this instance has swept: expired intents, unused images, staged uploads, stored copies")
                .tag("kind", kind)
                .register(meters)
                .increment((double) count);
    }

    private void failed(String part) {
        Counter.builder("holdfast.media.sweep.failures")
                .description("Sweeps in which this part failed; the next one tries again")
                .tag("part", part)
                .register(meters)
                .increment();
    }
}
