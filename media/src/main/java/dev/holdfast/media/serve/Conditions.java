package dev.holdfast.media.serve;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Conditions of a request for something whose strong entity tag is known (RFC 9110, 13). */
final class Conditions {
    private Conditions() {}

    /** Whether the client has it already: {@code If-None-Match}, compared weakly. */
    static boolean isKnown(@Nullable String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .map(String::strip)
                        .anyMatch(known -> known.equals("*") || known.equals(tag) || known.equals("W/" + tag));
    }

    /** Whether the parts that the client has are of this: {@code If-Range}, compared strongly; a date is not what we go by. */
    static boolean mayBePartial(@Nullable String ifRange, String tag) {
        return ifRange == null || ifRange.strip().equals(tag);
    }
}
