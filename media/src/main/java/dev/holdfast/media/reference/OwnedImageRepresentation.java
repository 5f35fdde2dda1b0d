package dev.holdfast.media.reference;

import dev.holdfast.media.image.ImageRepresentation;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An image that somebody uses. */
@Schema(name = "OwnedImage")
public record OwnedImageRepresentation(
        @Schema(description = "As what it is used", examples = "cover")
        String role,

        Instant attachedAt,
        ImageRepresentation image) {}
