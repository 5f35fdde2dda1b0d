package dev.holdfast.media.move;

import dev.holdfast.media.blob.Blob;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where an image is now. */
@Schema(name = "Move")
public record MoveRepresentation(
        @Schema(description = "Of the image") UUID id,

        @Schema(description = "Of its bytes, in hexadecimal digits")
        String sha256,

        @Schema(description = "Where its bytes are: files, postgres or s3")
        String store,

        @Schema(description = "False when they were there before")
        boolean moved) {
    static MoveRepresentation of(Blob blob, boolean moved) {
        return new MoveRepresentation(
                blob.ref().id(), blob.ref().hash().hex(), blob.backend().name().toLowerCase(Locale.ROOT), moved);
    }
}
