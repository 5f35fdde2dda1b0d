package dev.holdfast.media.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.store.StoredBlob;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Something that nobody owns. */
@Schema(name = "Orphan")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrphanRepresentation(
        @Schema(
                description =
                        "unused: an image that nobody uses; condemned: one whose row is about to go; unannounced: an upload that"
                                + " nobody goes on with; without-image: bytes that no image has")
        Why why,

        @Schema(description = "Of the image or the upload") UUID id,

        @Nullable @Schema(description = "Of its bytes; absent where only they could tell")
        String sha256,

        @Nullable @Schema(description = "In bytes; absent for uploads")
        Long size,

        @Nullable @Schema(description = "Where its bytes are: files, postgres or s3; absent for uploads")
        String store,

        @Nullable @Schema(description = "When an image was stored, and when it was announced what has become of no image")
        Instant since) {

    /** In the order of pages. */
    public enum Why {
        UNUSED,
        CONDEMNED,
        UNANNOUNCED,
        WITHOUT_IMAGE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Empty after the last. */
        Optional<Why> next() {
            return switch (this) {
                case UNUSED -> Optional.of(CONDEMNED);
                case CONDEMNED -> Optional.of(UNANNOUNCED);
                case UNANNOUNCED -> Optional.of(WITHOUT_IMAGE);
                case WITHOUT_IMAGE -> Optional.empty();
            };
        }
    }

    static OrphanRepresentation ofUnannounced(UUID id) {
        return new OrphanRepresentation(Why.UNANNOUNCED, id, null, null, null, announcedAt(id));
    }

    static OrphanRepresentation ofStored(StoredBlob stored, Backend backend) {
        return new OrphanRepresentation(
                Why.WITHOUT_IMAGE,
                stored.id(),
                stored.hash().map(Sha256::hex).orElse(null),
                stored.size(),
                backend.name().toLowerCase(Locale.ROOT),
                announcedAt(stored.id()));
    }

    /** Ids of ours begin with their time in milliseconds (RFC 9562, version 7). */
    private static @Nullable Instant announcedAt(UUID id) {
        return id.version() == 7 ? Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16) : null;
    }
}
