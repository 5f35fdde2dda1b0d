package dev.holdfast.media.scrub;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What people watch of scrubs. */
final class ScrubMetrics {
    private final Counter bytes;
    private final Counter repaired;
    private final Counter unread;
    private final AtomicReference<Double> damages = new AtomicReference<>(Double.NaN);
    private final AtomicLong lastRound = new AtomicLong();

    ScrubMetrics(MeterRegistry meters) {
        bytes = Counter.builder("holdfast.media.scrub")
                .description("That this instance has read and found to be what they should be")
                .baseUnit("bytes")
                .register(meters);
        repaired = Counter.builder("holdfast.media.scrub.repaired")
                .description("Images that this instance has repaired from another copy")
                .register(meters);
        unread = Counter.builder("holdfast.media.scrub.unread")
                .description("Images that this instance could not read, because their store did not answer")
                .register(meters);
        Gauge.builder("holdfast.media.damages", damages, AtomicReference::get)
                .description("Images that were missing or corrupt when this instance last looked; NaN before that")
                .register(meters);
        Gauge.builder("holdfast.media.scrub.last.round", lastRound, AtomicLong::get)
                .description("When this instance last got to the end of a round, since 1970; 0 for never")
                .baseUnit("seconds")
                .register(meters);
    }

    void record(ScrubReport batch) {
        bytes.increment((double) batch.bytes());
        repaired.increment((double) batch.repaired());
        unread.increment((double) batch.unread());
    }

    void damages(long count) {
        damages.set((double) count);
    }

    void finished(Instant now) {
        lastRound.set(now.getEpochSecond());
    }
}
