package dev.holdfast.media.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 hash (FIPS 180-4), as a value.
 *
 * @param hex 64 hexadecimal digits in lower case
 */
public record Sha256(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public Sha256 {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("'%s' is not 64 hexadecimal digits in lower case".formatted(hex));
        }
    }

    /** Empty unless it is 64 hexadecimal digits in lower case. */
    public static Optional<Sha256> parse(@Nullable String text) {
        return Optional.ofNullable(text)
                .filter(one -> HEX.matcher(one).matches())
                .map(Sha256::new);
    }

    public static Sha256 of(byte[] content) {
        return ofBytes(digest().digest(content));
    }

    /** Of what the digest has seen; it begins anew. */
    public static Sha256 of(MessageDigest digest) {
        return ofBytes(digest.digest());
    }

    /** Of what the digest has seen; it goes on. */
    static Sha256 soFar(MessageDigest digest) {
        return of(copy(digest));
    }

    /** @param hash of 32 bytes */
    public static Sha256 ofBytes(byte[] hash) {
        return new Sha256(HexFormat.of().formatHex(hash));
    }

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("SHA-256 of the JDK can be cloned", impossible);
        }
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
