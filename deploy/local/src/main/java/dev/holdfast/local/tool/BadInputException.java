package dev.holdfast.local.tool;

/** The message tells the person at the keyboard what to change. */
final class BadInputException extends RuntimeException {

    BadInputException(String message) {
        super(message);
    }
}
