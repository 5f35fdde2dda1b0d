package dev.holdfast.media.reference;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Who uses an image, and as what. */
@Schema(name = "Reference")
public record ReferenceRepresentation(
        @Schema(examples = "product") String ownerType,
        @Schema(examples = "acme:DRILL-18V") String ownerId,
        @Schema(examples = "cover") String role,
        Instant attachedAt) {}
