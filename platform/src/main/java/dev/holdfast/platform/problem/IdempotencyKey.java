package dev.holdfast.platform.problem;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name that a client gives a request, so that it can be sent again
 * (<a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">draft of the header</a>).
 */
public final class IdempotencyKey {
    public static final String HEADER = "Idempotency-Key";

    /** In the answer, when the request had been carried out before. */
    public static final String HIT = "Idempotency-Hit";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,64}");

    private IdempotencyKey() {}

    /**
     * @param of what it names, as in "order"
     * @throws ProblemException with 400 when there is none, or it is malformed
     */
    public static String require(@Nullable String key, String of) {
        if (key == null || !FORM.matcher(key).matches()) {
            throw ProblemException.invalidParameter(
                    HEADER,
                    "Send a header %s of 1 to 64 visible ASCII characters, chosen anew for each %s and kept for a repetition."
                            .formatted(HEADER, of));
        }
        return key;
    }
}
