package dev.holdfast.audit.proof;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key by the name that signatures give it.
 *
 * @param name without spaces and plus signs; best the origin of the log
 * @param key of Ed25519
 */
public record NoteKey(String name, PublicKey key) {
    private static final byte[] ED25519 = {1};
    private static final int ID_LENGTH = 4;

    /** @throws IllegalArgumentException for a name or a key that a signed note cannot have */
    public NoteKey {
        if (name.isEmpty() || name.codePoints().anyMatch(NoteKey::isForbidden)) {
            throw new IllegalArgumentException(
                    "'%s' does not name a key: a name has neither spaces nor plus signs".formatted(name));
        }
        var _ = Ed25519.raw(key);
    }

    private static boolean isForbidden(int character) {
        return character == '+'
                || Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character);
    }

    /** In hexadecimal; tells keys of one name apart, and is no fingerprint: it is too short for that. */
    String id() {
        Hash hash = Hash.sha256((name + "\n").getBytes(StandardCharsets.UTF_8), ED25519, Ed25519.raw(key));
        return HexFormat.of().formatHex(Arrays.copyOf(hash.bytes(), ID_LENGTH));
    }

    boolean verifies(String text, byte[] signature) {
        return Ed25519.verifies(key, text.getBytes(StandardCharsets.UTF_8), signature);
    }

    @Override
    public String toString() {
        return name + "+" + id();
    }
}
