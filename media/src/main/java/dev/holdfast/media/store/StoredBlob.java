package dev.holdfast.media.store;

import java.util.Optional;
import java.util.UUID;

/**
 * What a store holds, whether somebody owns it or not.
 *
 * @param id of the copy
 * @param key under which it lies in that store
 * @param size in bytes; 0 of what is not whole
 */
public record StoredBlob(UUID id, String key, long size) {
    /** Of its bytes, as its key says; empty where keys do not. */
    public Optional<Sha256> hash() {
        return ObjectKey.hash(key);
    }
}
