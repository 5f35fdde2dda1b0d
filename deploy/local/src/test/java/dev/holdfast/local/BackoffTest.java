package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff();

    @Test
    void doublesTheDelayUpToHalfAMinute() {
        // When
        var delays = Stream.generate(() -> backoff.afterLiving(Duration.ofSeconds(2)))
                .limit(7)
                .map(Duration::toSeconds);

        // Then
        assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void beginsAgainAfterAMinuteOfLife() {
        // Given
        backoff.afterLiving(Duration.ZERO);
        backoff.afterLiving(Duration.ZERO);

        // When
        Duration delay = backoff.afterLiving(Duration.ofSeconds(60));

        // Then
        assertThat(delay).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.afterLiving(Duration.ofSeconds(59))).isEqualTo(Duration.ofSeconds(2));
    }
}
