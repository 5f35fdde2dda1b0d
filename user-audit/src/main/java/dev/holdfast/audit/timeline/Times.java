package dev.holdfast.audit.timeline;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Moments as people read them, in UTC. */
final class Times {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME_WITH_MILLIS =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Times() {}

    static String text(Instant moment) {
        return date(moment) + " " + time(moment);
    }

    static String date(Instant moment) {
        return DATE.format(moment);
    }

    static String time(Instant moment) {
        return (moment.equals(moment.truncatedTo(ChronoUnit.SECONDS)) ? TIME : TIME_WITH_MILLIS).format(moment);
    }
}
