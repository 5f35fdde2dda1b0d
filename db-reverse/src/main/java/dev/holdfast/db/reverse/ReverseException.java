package dev.holdfast.db.reverse;

/** Something that whoever reads the message can put right. */
final class ReverseException extends RuntimeException {
    ReverseException(String message) {
        super(message);
    }
}
