package dev.holdfast.platform.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {
    @Test
    void readsWhatTheDatabaseKeeps() {
        assertThat(Instants.parse("2026-01-31T12:00:00.123456789+01:00"))
                .isEqualTo(Instant.parse("2026-01-31T11:00:00.123456Z"));
    }

    /** The second is what PostgreSQL's driver would write as infinity; the first is too far for a calendar. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1000000000-12-31T23:59:59Z",
                "+300000-01-01T00:00:00Z",
                "-9999-01-01T00:00:00Z",
                "0000-12-31T23:59:59Z",
                "yesterday",
                ""
            })
    void refusesWhatNoCalendarHas(String text) {
        assertThatThrownBy(() -> Instants.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
