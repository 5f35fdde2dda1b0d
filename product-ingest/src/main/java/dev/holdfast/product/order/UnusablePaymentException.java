package dev.holdfast.product.order;

/** Sends a record to the dead-letter topic; the message becomes its header {@code dead-letter-reason}. */
final class UnusablePaymentException extends RuntimeException {
    UnusablePaymentException(String reason, String detail) {
        super("%s: %s".formatted(reason, detail), null, false, false);
    }
}
