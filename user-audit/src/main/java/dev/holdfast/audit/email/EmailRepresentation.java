package dev.holdfast.audit.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A user's address at a moment. */
@Schema(name = "Email")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmailRepresentation(
        UUID userId,

        @Nullable @Schema(description = "Absent when there was none yet, and when the user is forgotten")
        String address,

        @Schema(enumeration = {"none", "known", "forgotten"})
        String state,

        @Nullable @Schema(description = "Of the event that says so")
        Long version,

        @Nullable @Schema(enumeration = {"registered", "changed", "corrected", "erased"})
        String op,

        @Schema(description = "Whether it answered to its user, as was known then")
        boolean verified,

        @Nullable Instant recordedAt,
        @Nullable Instant validFrom,

        @Schema(description = "What was known then") Instant asOf,
        @Schema(description = "of the address of then") Instant validAt,

        @Schema(description = "An answer with an asOf of this moment or before never changes")
        Instant stableUntil) {

    static EmailRepresentation of(UUID user, EmailHistory.State state, Moments moments) {
        Optional<PlainEvent> event = state.event();
        return new EmailRepresentation(
                user,
                state.address().map(EmailAddress::text).orElse(null),
                state.forgotten() ? "forgotten" : event.isEmpty() ? "none" : "known",
                event.map(PlainEvent::version).orElse(null),
                event.map(found -> found.op().word()).orElse(null),
                state.verified(),
                event.map(PlainEvent::recordedAt).orElse(null),
                event.map(PlainEvent::validFrom).orElse(null),
                moments.asked(),
                moments.validAt().isAfter(moments.asked()) ? moments.asked() : moments.validAt(),
                state.stableUntil());
    }
}
