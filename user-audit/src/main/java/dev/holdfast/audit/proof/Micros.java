package dev.holdfast.audit.proof;

import java.time.Instant;

/** Instants as PostgreSQL keeps them: in microseconds. */
final class Micros {
    private static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final long PER_SECOND = 1_000_000;
    private static final int NANOS = 1_000;

    private Micros() {}

    /**
     * Since 1970-01-01 in UTC.
     *
     * @throws IllegalArgumentException for an instant that the database would not give back as it is: finer than a
     *     microsecond, or outside of the years 1 to 9999
     */
    static long of(Instant instant) {
        if (instant.getNano() % NANOS != 0) {
            throw new IllegalArgumentException("%s is finer than a microsecond".formatted(instant));
        }
        if (instant.isBefore(MIN) || instant.isAfter(MAX)) {
            throw new IllegalArgumentException("%s is not of the years 1 to 9999".formatted(instant));
        }
        return instant.getEpochSecond() * PER_SECOND + instant.getNano() / NANOS;
    }
}
