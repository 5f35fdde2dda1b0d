package dev.holdfast.payments.transfer;

/** Something may have been committed, and the database does not say so any more: only the same ids, sent again, will tell. */
final class OutcomeUnknownException extends RuntimeException {
    OutcomeUnknownException(Throwable cause) {
        super("The database has not said whether it committed", cause);
    }
}
