package dev.holdfast.media.scrub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Keeps a reader at a speed: it says how long to pause. */
final class Pace {
    private final long bytesPerSecond;
    private final Clock clock;
    private final Instant begin;
    private long bytes;

    /** @param bytesPerSecond 0 for no pauses */
    Pace(long bytesPerSecond, Clock clock) {
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.begin = clock.instant();
    }

    /** After so many more bytes; in whole milliseconds, as timers have them. What is too little for one is made up for later. */
    synchronized Duration pauseAfter(long more) {
        bytes += more;
        if (bytesPerSecond == 0) {
            return Duration.ZERO;
        }
        Instant due = begin.plusMillis(1_000 * bytes / bytesPerSecond);
        Duration pause = Duration.between(clock.instant(), due);
        return pause.isNegative() ? Duration.ZERO : pause.truncatedTo(ChronoUnit.MILLIS);
    }
}
