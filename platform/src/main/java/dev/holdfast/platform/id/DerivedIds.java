package dev.holdfast.platform.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids that follow from a text, the same each time: UUIDs of version 8 (<a href="https://www.rfc-editor.org/rfc/rfc9562">RFC
 * 9562</a>) made of a SHA-256 hash. No client may choose one of that version.
 */
public final class DerivedIds {
    private static final long VERSION_MASK = 0xf000L;
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;

    private DerivedIds() {}

    /** @param parts without {@code NUL}, which keeps them apart */
    public static UUID of(String... parts) {
        ByteBuffer hash = hash(String.join("\0", parts));
        return new UUID((hash.getLong() & ~VERSION_MASK) | VERSION, (hash.getLong() & ~VARIANT_MASK) | VARIANT);
    }

    /** Whether it may be one of these, which no client may choose. */
    public static boolean isDerived(UUID id) {
        return id.version() == 8;
    }

    private static ByteBuffer hash(String text) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
