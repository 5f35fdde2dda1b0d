package dev.holdfast.audit.proof;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.List;

/** Signs checkpoints with one key. Two different ones of one size must never be signed; that is up to the caller. */
public final class CheckpointSigner {
    private static final String PROBE = "probe\n";

    private final NoteKey key;
    private final PrivateKey privateKey;

    /** @throws IllegalArgumentException when there can be no such name, or no signature with such a key */
    public CheckpointSigner(String keyName, PrivateKey privateKey) {
        this.key = new NoteKey(keyName, Ed25519.publicKeyOf(privateKey));
        this.privateKey = privateKey;
        if (!key.verifies(PROBE, signature(PROBE))) {
            throw new IllegalArgumentException("The public key of '%s' could not be computed".formatted(keyName));
        }
    }

    /** To be published: what others verify with. */
    public NoteKey key() {
        return key;
    }

    /** The signed note, of which each byte counts. */
    public String sign(Checkpoint checkpoint) {
        return sign(checkpoint.text());
    }

    public String sign(String text) {
        return new SignedNote(text, List.of(SignedNote.Line.of(key, signature(text)))).render();
    }

    private byte[] signature(String text) {
        return Ed25519.sign(privateKey, text.getBytes(StandardCharsets.UTF_8));
    }
}
