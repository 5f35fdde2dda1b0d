package dev.holdfast.media.store;

import java.util.UUID;

/**
 * Names bytes that never change.
 *
 * @param id of this copy: a later upload of the same bytes has another one, so that a late delete cannot hit it
 * @param hash of all bytes
 * @param size in bytes
 */
public record BlobRef(UUID id, Sha256 hash, long size) {
    public BlobRef {
        if (size < 0) {
            throw new IllegalArgumentException("a blob of %d bytes".formatted(size));
        }
    }

    /** @throws IllegalArgumentException unless these bytes lie within it */
    void checkRange(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IllegalArgumentException(
                    "%d bytes from %d on do not lie within %d".formatted(length, offset, size));
        }
    }
}
