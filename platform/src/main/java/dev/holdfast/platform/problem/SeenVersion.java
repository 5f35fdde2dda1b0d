package dev.holdfast.platform.problem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version that an edit was made on, as {@code If-Match}
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1">RFC 9110, 13.1.1</a>): of two edits at once the second is told.
 */
public final class SeenVersion {
    private static final ProblemType EDIT_UNSEEN =
            new ProblemType("edit-unseen", 428, "Say which version you have seen");
    private static final ProblemType EDITED_MEANWHILE =
            new ProblemType("edited-meanwhile", 412, "Somebody else was first");
    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    private SeenVersion() {}

    /** @throws ProblemException with 428 when it is missing, with 400 when it is not an ETag of ours */
    public static long of(@Nullable String ifMatch) {
        if (ifMatch == null) {
            throw ProblemException.of(EDIT_UNSEEN, "Send the ETag of what you have seen as If-Match, such as \"1\".");
        }
        Matcher tag = ETAG.matcher(ifMatch);
        if (!tag.matches()) {
            throw ProblemException.invalidParameter("If-Match", "If-Match must be an ETag of ours, such as \"1\".");
        }
        return Long.parseLong(tag.group(1));
    }

    /** @param what was edited, as in "Account 7" */
    public static ProblemException stale(String what, long currentVersion) {
        return ProblemException.of(
                EDITED_MEANWHILE,
                "%s has been edited since you looked: get it again, and send If-Match \"%d\"."
                        .formatted(what, currentVersion));
    }
}
