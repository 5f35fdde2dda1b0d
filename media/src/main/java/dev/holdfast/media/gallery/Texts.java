package dev.holdfast.media.gallery;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them. */
final class Texts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final int STEP = 1_000;
    private static final double WHOLE = 100;
    private static final double ONE_DIGIT = 10;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Texts() {}

    /** Such as {@code 12.5 kB}. */
    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return "%s %s".formatted(unit == 0 ? bytes : number(value).replaceFirst("\\.0+$", ""), UNITS[unit]);
    }

    /** Of three digits or so. */
    static String number(double value) {
        String format = value >= WHOLE ? "%,.0f" : value >= ONE_DIGIT ? "%.1f" : "%.2f";
        return format.formatted(value);
    }

    /** In UTC. */
    static String time(Instant time) {
        return TIME.format(time);
    }
}
