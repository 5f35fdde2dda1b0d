package dev.holdfast.audit.proof;

import dev.holdfast.audit.proof.SignedNote.Line;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Verifies checkpoints with any of several keys: while a key is replaced, checkpoints of both are about. As signed
 * notes ask, signatures of unknown keys are ignored, and one of a known key that is wrong spoils the note.
 */
public final class CheckpointVerifier {
    private final Map<String, NoteKey> keys;

    /** @throws IllegalArgumentException without any key */
    public CheckpointVerifier(Collection<NoteKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("Without a key nothing can be verified");
        }
        this.keys =
                keys.stream().distinct().collect(Collectors.toUnmodifiableMap(NoteKey::toString, Function.identity()));
    }

    /**
     * @param note as it was signed, to the last line feed
     * @throws CheckpointException for a note that is malformed, that no known key signed, or whose signature is wrong
     */
    public Checkpoint verify(String note) {
        return Checkpoint.parse(verifiedText(note));
    }

    String verifiedText(String note) {
        SignedNote signed = SignedNote.parse(note);
        boolean known = false;
        for (Line line : signed.lines()) {
            NoteKey key = keys.get(line.key());
            if (key != null) {
                if (!key.verifies(signed.text(), line.signature())) {
                    throw CheckpointException.badSignature(line.key());
                }
                known = true;
            }
        }
        if (!known) {
            throw CheckpointException.unknownKey(
                    signed.lines().stream().map(Line::key).collect(Collectors.joining(", ")),
                    keys.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return signed.text();
    }
}
