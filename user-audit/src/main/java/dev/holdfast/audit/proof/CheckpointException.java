package dev.holdfast.audit.proof;

/** A checkpoint that proves nothing; the message says why. */
public final class CheckpointException extends RuntimeException {
    private CheckpointException(String message) {
        super(message);
    }

    static CheckpointException malformed(String why) {
        return new CheckpointException("The checkpoint is malformed: %s.".formatted(why));
    }

    static CheckpointException unknownKey(String signers, String known) {
        return new CheckpointException(
                "The checkpoint is signed by an unknown key: by %s, and known is %s.".formatted(signers, known));
    }

    static CheckpointException badSignature(String key) {
        return new CheckpointException("The checkpoint has a bad signature: it is not what %s signed.".formatted(key));
    }
}
