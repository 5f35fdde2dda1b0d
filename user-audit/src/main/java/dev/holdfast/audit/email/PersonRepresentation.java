package dev.holdfast.audit.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A user and the address at a moment. */
@Schema(name = "EmailOfUser")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PersonRepresentation(
        UUID userId,

        @Nullable @Schema(description = "Absent when there was none yet, and when the user is forgotten")
        String address,

        @Nullable Long version,
        @Nullable Instant recordedAt,
        @Nullable Instant validFrom) {

    static PersonRepresentation of(EmailHistory.Person person) {
        Optional<PlainEvent> event = person.state();
        return new PersonRepresentation(
                person.user(),
                event.map(PlainEvent::address).map(EmailAddress::text).orElse(null),
                event.map(PlainEvent::version).orElse(null),
                event.map(PlainEvent::recordedAt).orElse(null),
                event.map(PlainEvent::validFrom).orElse(null));
    }
}
