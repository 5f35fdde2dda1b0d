package dev.holdfast.payments.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids of transfers (<a href="https://www.rfc-editor.org/rfc/rfc9562">RFC 9562</a>): version 7 from clients, which begins with
 * its time; version 8 for what is derived, from a client's key or from another id, and so is never a client's to choose.
 */
public final class TransferIds {
    private static final long VERSION_MASK = 0xf000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;

    private TransferIds() {}

    static boolean isOfVersion7(UUID id) {
        return id.version() == 7 && id.variant() == 2;
    }

    /** When a version 7 id was made, in milliseconds since 1970. */
    static long millis(UUID id) {
        return id.getMostSignificantBits() >>> 16;
    }

    /** The same key of the same caller is the same transfer. Begins with {@code ff}, behind every time. */
    static UUID ofKey(String subject, String key) {
        ByteBuffer hash = hash(subject + "\0" + key);
        long most = (hash.getLong() & 0x00ff_ffff_ffff_0fffL) | 0xff00_0000_0000_8000L;
        return new UUID(most, (hash.getLong() & ~VARIANT_MASK) | VARIANT);
    }

    /**
     * Of a transfer that follows from something else, such as the hold that follows from an order: the same each time, and
     * with the time of its origin. Of version 8, so that nobody can take it beforehand.
     *
     * @param origin of version 7 or 8
     * @param purpose tells several that follow from one origin apart
     */
    public static UUID following(UUID origin, String purpose) {
        ByteBuffer hash = hash(origin + " " + purpose);
        long most = (origin.getMostSignificantBits() & ~0xffffL) | 0x8000L | (hash.getLong() & ~VERSION_MASK & 0xffffL);
        return new UUID(most, (hash.getLong() & ~VARIANT_MASK) | VARIANT);
    }

    private static ByteBuffer hash(String text) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
