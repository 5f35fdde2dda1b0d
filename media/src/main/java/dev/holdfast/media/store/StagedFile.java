package dev.holdfast.media.store;

import java.nio.file.Path;
import java.util.UUID;

/**
 * A whole upload, synced to disk.
 *
 * @param size in bytes
 */
public record StagedFile(UUID id, Path path, Sha256 sha256, long size) {
    /** @throws BlobException when these are not the bytes of that blob */
    void checkIs(BlobRef ref) {
        if (size != ref.size() || !sha256.equals(ref.hash())) {
            throw new BlobException(
                    BlobException.Reason.DIFFERS,
                    "upload %s has %d bytes of hash %s, blob %s has %d of %s"
                            .formatted(id, size, sha256, ref.id(), ref.size(), ref.hash()));
        }
    }
}
