package dev.holdfast.audit.email;

import dev.holdfast.audit.Roles;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who may read what, and what is kept of it. */
public final class Readers {
    private static final Pattern PURPOSE = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,200}");

    private Readers() {}

    /** Null for who reads about themself, which needs no reason. */
    public static @Nullable ReadNote note(Caller caller, UUID user, @Nullable String purpose) {
        return caller.subject().equals(user.toString()) ? null : noteOfOthers(caller, purpose);
    }

    /** For what is about everybody. */
    public static ReadNote noteOfOthers(Caller caller, @Nullable String purpose) {
        if (!caller.roles().contains(Roles.AUDITOR) && !caller.roles().contains(Roles.OPERATOR)) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN,
                    "'%s' may not read about others: use a token of the user, or one with role '%s'."
                            .formatted(caller.subject(), Roles.AUDITOR));
        }
        if (purpose == null || !PURPOSE.matcher(purpose).matches()) {
            throw ProblemException.invalidParameter(
                    "purpose", "Say why you read about others, in 1 to 200 characters: it is kept with your name.");
        }
        return new ReadNote(caller.subject(), purpose);
    }
}
