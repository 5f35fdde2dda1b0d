package dev.holdfast.media.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource source = time::get;
    private final Clock clock = source.withZone(ZoneOffset.UTC);

    @Test
    void pausesForAsLongAsItWasTooFast() {
        var pace = new Pace(1_000, clock);
        assertThat(pace.pauseAfter(500)).isEqualTo(Duration.ofMillis(500));
        time.set(time.get().plusMillis(700));
        assertThat(pace.pauseAfter(100)).isEqualTo(Duration.ZERO);
        assertThat(pace.pauseAfter(1_000)).isEqualTo(Duration.ofMillis(900));
    }

    @Test
    void whatIsTooShortForATimerIsMadeUpForLater() {
        var pace = new Pace(1_000, clock);
        time.set(time.get().plusNanos(500_000));
        assertThat(pace.pauseAfter(1)).isEqualTo(Duration.ZERO);
        assertThat(pace.pauseAfter(1)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void neverPausesWithoutALimit() {
        assertThat(new Pace(0, clock).pauseAfter(Long.MAX_VALUE)).isEqualTo(Duration.ZERO);
    }
}
