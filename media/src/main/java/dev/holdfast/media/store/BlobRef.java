package dev.holdfast.media.store;

import java.util.UUID;

/**
 * Names bytes that never change.
 *
 * @param id of the blob: a later upload of the same bytes has another one
 * @param hash of all bytes
 * @param size in bytes
 * @param copy is its name where it is stored. Each copy has one of its own that never comes back, so that a late delete cannot hit
 *     another one; the first one has that of the blob
 */
public record BlobRef(UUID id, Sha256 hash, long size, UUID copy) {
    /** Its first copy. */
    public BlobRef(UUID id, Sha256 hash, long size) {
        this(id, hash, size, id);
    }

    public BlobRef {
        if (size < 0) {
            throw new IllegalArgumentException("a blob of %d bytes".formatted(size));
        }
    }

    /** Another copy of the same bytes. */
    public BlobRef asCopy(UUID other) {
        return new BlobRef(id, hash, size, other);
    }

    /** @throws IllegalArgumentException unless these bytes lie within it */
    void checkRange(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IllegalArgumentException(
                    "%d bytes from %d on do not lie within %d".formatted(length, offset, size));
        }
    }
}
