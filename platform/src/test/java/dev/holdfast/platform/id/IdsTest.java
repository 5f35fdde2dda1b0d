package dev.holdfast.platform.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private final Ids ids = new Ids(Clock.fixed(NOW, ZoneOffset.UTC), new Random(1));

    @Test
    void carriesTheInjectedTimeAndTheVersion() {
        // When
        UUID id = ids.next();

        // Then
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void risesWithinAMillisecond() {
        assertThat(Stream.generate(ids::next).limit(10_000).map(UUID::toString).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }
}
