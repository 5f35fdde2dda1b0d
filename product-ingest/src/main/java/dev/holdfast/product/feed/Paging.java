package dev.holdfast.product.feed;

import dev.holdfast.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What pages have in common: limits, and cursors that callers need not understand. */
final class Paging {
    static final int LIMIT_MAX = 200;

    private Paging() {}

    /** Fails with a problem unless it is 1 to {@link #LIMIT_MAX}. */
    static void requireLimit(int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(LIMIT_MAX));
        }
    }

    /** PostgreSQL has no NUL in texts, so nothing is called like that. */
    static void requireText(String parameter, @Nullable String value) {
        if (value != null && value.indexOf('\0') >= 0) {
            throw ProblemException.invalidParameter(
                    parameter, "%s contains a NUL character: remove it.".formatted(parameter));
        }
    }

    /** @param found one more than the limit tells that there is a next page */
    static <T> List<T> shown(List<T> found, int limit) {
        return found.size() > limit ? found.subList(0, limit) : found;
    }

    /** Null on the last page. */
    static <T> @Nullable String next(List<T> found, int limit, Function<T, String> position) {
        return found.size() > limit
                ? Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(position.apply(found.get(limit - 1)).getBytes(StandardCharsets.UTF_8))
                : null;
    }

    /** @param first when there is no cursor */
    static String position(@Nullable String cursor, String first) {
        if (cursor == null) {
            return first;
        }
        String position;
        try {
            position = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw notOurs();
        }
        if (position.indexOf('\0') >= 0) {
            throw notOurs();
        }
        return position;
    }

    static long position(@Nullable String cursor, long first) {
        try {
            return cursor == null ? first : Long.parseLong(position(cursor, ""));
        } catch (NumberFormatException notANumber) {
            throw notOurs();
        }
    }

    private static ProblemException notOurs() {
        return ProblemException.invalidParameter(
                "cursor", "The cursor is not one of ours: pass the nextCursor of the page before, unchanged.");
    }
}
