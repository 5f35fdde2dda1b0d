package dev.holdfast.media.image;

import dev.holdfast.media.blob.Blob;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An image that is kept. */
@Schema(name = "Image")
public record ImageRepresentation(
        UUID id,

        @Schema(description = "Of its bytes, in hexadecimal digits")
        String sha256,

        @Schema(description = "In bytes") long size,
        @Schema(description = "Found in its bytes") String mediaType,
        @Schema(description = "As shown, in pixels") int width,
        @Schema(description = "As shown, in pixels") int height,

        @Schema(description = "Where its bytes are: files, postgres or s3")
        String store) {
    public static ImageRepresentation of(Blob blob) {
        return new ImageRepresentation(
                blob.ref().id(),
                blob.ref().hash().hex(),
                blob.ref().size(),
                blob.content().mediaType(),
                blob.content().width(),
                blob.content().height(),
                blob.backend().name().toLowerCase(Locale.ROOT));
    }
}
