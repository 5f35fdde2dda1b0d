package dev.holdfast.local;

/** The cluster does not start, and the message tells the person at the keyboard what to change. */
public final class CannotStartException extends RuntimeException {

    CannotStartException(String message) {
        super(message);
    }
}
