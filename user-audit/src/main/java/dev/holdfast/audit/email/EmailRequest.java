package dev.holdfast.audit.email;

import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.time.Instants;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A new or a corrected address. Other fields are refused. */
@Schema(name = "EmailChange", requiredProperties = "address")
public record EmailRequest(
        @Nullable @Schema(examples = "ada@example.org", maxLength = EmailAddress.LENGTH_MAX)
        String address,

        @Nullable @Schema(description = "Since when it is so; when it is recorded, if left out. Needed for a correction")
        String validFrom,

        @Nullable @Schema(description = "Why, in 1 to 200 characters. Needed for a correction")
        String reason) {
    private static final Pattern REASON = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,200}");

    /**
     * What is to be recorded.
     *
     * @throws dev.holdfast.platform.problem.ProblemException that says all that is wrong
     */
    EmailChange toChange(UUID user, long seenVersion, UUID eventId, EmailOp op, String actor) {
        var violations = new ArrayList<InvalidPart>();
        EmailAddress parsed =
                address == null ? null : EmailAddress.parse(address).orElse(null);
        if (parsed == null) {
            violations.add(invalid("/address", "is needed: an address such as ada@example.org."));
        }
        Instant valid = instant(violations);
        if (reason != null && !REASON.matcher(reason).matches()) {
            violations.add(invalid("/reason", "must be 1 to 200 characters without control characters."));
        }
        if (op == EmailOp.CORRECTED && validFrom == null) {
            violations.add(invalid("/validFrom", "is needed for a correction: since when was it so?"));
        }
        if (op == EmailOp.CORRECTED && reason == null) {
            violations.add(invalid("/reason", "is needed for a correction."));
        }
        if (!violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        return new EmailChange(user, seenVersion, eventId, op, parsed, valid, actor, reason, "api");
    }

    private @Nullable Instant instant(List<InvalidPart> violations) {
        if (validFrom == null) {
            return null;
        }
        try {
            return Instants.parse(validFrom);
        } catch (DateTimeException unreadable) {
            violations.add(invalid("/validFrom", "must be an instant such as 2026-01-31T12:00:00Z."));
            return null;
        }
    }

    private static InvalidPart invalid(String pointer, String detail) {
        return new InvalidPart(pointer, "invalid_value", detail);
    }
}
