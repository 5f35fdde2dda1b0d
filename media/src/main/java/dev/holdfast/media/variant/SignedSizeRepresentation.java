package dev.holdfast.media.variant;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where an image is in some size. */
@Schema(name = "SignedSize")
public record SignedSizeRepresentation(
        @Schema(description = "Path and query, for everybody; for as long as the key is accepted that has signed it")
        String path) {}
