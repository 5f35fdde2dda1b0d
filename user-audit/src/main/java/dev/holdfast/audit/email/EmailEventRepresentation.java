package dev.holdfast.audit.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An event of a user's history. */
@Schema(name = "EmailEvent")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmailEventRepresentation(
        long version,

        @Schema(enumeration = {"registered", "changed", "corrected", "verified", "erased"})
        String op,

        @Nullable @Schema(description = "Absent where there is none, and when the user is forgotten")
        String address,

        Instant recordedAt,
        Instant validFrom,
        UUID eventId,
        String actor,
        @Nullable String reason,
        String source,
        @Schema(description = "What is proven") String hash) {

    static EmailEventRepresentation of(EmailHistory.Disclosed disclosed) {
        EmailEvent event = disclosed.event();
        return new EmailEventRepresentation(
                event.version(),
                event.op().word(),
                disclosed.address().map(EmailAddress::text).orElse(null),
                event.recordedAt(),
                event.validFrom(),
                event.eventId(),
                event.actor(),
                event.reason(),
                event.source(),
                event.hash().hex());
    }
}
