package dev.holdfast.audit.proof;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** An encrypted address with its nonce and tag, as a value. What is proven is this, so a proof outlives the key. */
public final class Ciphertext {
    private final byte[] bytes;

    private Ciphertext(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Ciphertext of(byte[] bytes) {
        return new Ciphertext(bytes.clone());
    }

    /** @throws IllegalArgumentException for what is not base64 */
    static Ciphertext ofBase64(String base64) {
        return new Ciphertext(Base64.getDecoder().decode(base64));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ciphertext ciphertext && Arrays.equals(bytes, ciphertext.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "%d bytes of ciphertext".formatted(bytes.length);
    }
}
