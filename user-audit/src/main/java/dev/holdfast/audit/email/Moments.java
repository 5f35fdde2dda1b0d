package dev.holdfast.audit.email;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.time.Instants;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The two times that one asks for.
 *
 * @param asked as the answer names the first one
 */
public record Moments(Instant asOf, Instant validAt, Instant asked) {
    public static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

    /** Rows carry the database's clock: one that has just been written may be a little ahead of ours. */
    private static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(1);

    /** What is left out: all that is known, and of the address of the same moment. */
    public static Moments of(@Nullable String asOf, @Nullable String validAt, Instant now) {
        Instant recorded = asOf == null ? latest(now) : parse("asOf", asOf);
        return new Moments(
                recorded, validAt == null ? recorded : parse("validAt", validAt), asOf == null ? now : recorded);
    }

    /** Whatever has been recorded by now is not behind it. */
    public static Instant latest(Instant now) {
        return now.plus(CLOCK_SKEW_MAX);
    }

    public static Instant parse(String name, String text) {
        try {
            return Instants.parse(text);
        } catch (DateTimeException unreadable) {
            throw ProblemException.invalidParameter(
                    name, "%s must be an instant such as 2026-01-31T12:00:00Z.".formatted(name));
        }
    }

    public static void requireLimit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(max));
        }
    }
}
