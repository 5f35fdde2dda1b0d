package dev.holdfast.platform.time;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as others may write them. */
public final class Instants {
    private static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Instants() {}

    /**
     * An instant of <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339</a>, in microseconds as PostgreSQL keeps it.
     * {@link Instant} itself reaches further than its database and its own calendar do.
     *
     * @throws DateTimeException for anything else, and for years before 1 and after 9999
     */
    public static Instant parse(String text) {
        Instant parsed = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
        if (parsed.isBefore(MIN) || parsed.isAfter(MAX)) {
            throw new DateTimeException("%s is not of the years 1 to 9999".formatted(parsed));
        }
        return parsed;
    }
}
