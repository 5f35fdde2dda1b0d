package dev.holdfast.media.scrub;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An image whose bytes are not what they should be. */
@Schema(name = "Damage")
public record DamageRepresentation(
        @Schema(description = "Of the image") UUID id,

        @Schema(description = "Of its bytes as they should be, in hexadecimal digits")
        String sha256,

        @Schema(description = "In bytes, likewise") long size,

        @Schema(description = "Where they should be: files, postgres or s3")
        String store,

        @Schema(description = "missing, or corrupt") String kind,
        Instant firstSeenAt,
        Instant lastSeenAt) {}
