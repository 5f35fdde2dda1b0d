package dev.holdfast.media.store;

import java.util.Optional;
import java.util.UUID;

/**
 * Under which name a copy lies where there are names: {@code aa/bb/<sha256>.<copy>}, with the first four digits of the hash, so that
 * ten million blobs make directories of about 150.
 */
final class ObjectKey {
    private static final int HASH_DIGITS = 64;

    private ObjectKey() {}

    static String of(BlobRef ref) {
        String hash = ref.hash().hex();
        return "%s/%s/%s.%s".formatted(hash.substring(0, 2), hash.substring(2, 4), hash, ref.copy());
    }

    /** Empty for what is not the key of a blob. */
    static Optional<UUID> id(String key) {
        String name = name(key);
        if (name.length() <= HASH_DIGITS || name.charAt(HASH_DIGITS) != '.') {
            return Optional.empty();
        }
        return uuid(name.substring(HASH_DIGITS + 1));
    }

    /** Empty for what is not the key of a blob. */
    static Optional<Sha256> hash(String key) {
        String name = name(key);
        return id(key).flatMap(id -> Sha256.parse(name.substring(0, HASH_DIGITS)));
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** Only as it is written by itself. */
    static Optional<UUID> uuid(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException other) {
            return Optional.empty();
        }
    }
}
