package dev.holdfast.payments.transfer;

/** The database went away between COMMIT and its reply, and has stayed away: only the same id, sent again, will tell. */
final class OutcomeUnknownException extends RuntimeException {
    OutcomeUnknownException(Throwable cause) {
        super("The database has not said whether it committed", cause);
    }
}
