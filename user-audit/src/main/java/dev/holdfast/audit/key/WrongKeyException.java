package dev.holdfast.audit.key;

/** Something was encrypted with another key, or has been changed since. */
public final class WrongKeyException extends RuntimeException {
    WrongKeyException(Throwable cause) {
        super("It was not encrypted with this key, or has been changed since", cause);
    }
}
