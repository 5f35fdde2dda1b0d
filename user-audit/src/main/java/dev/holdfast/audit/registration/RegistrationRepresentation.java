package dev.holdfast.audit.registration;

import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Who has come. */
@Schema(name = "RegisteredUser")
public record RegistrationRepresentation(
        UUID id,

        @Schema(description = "Of the e-mail history; for the If-Match of its next change")
        long emailVersion) {}
