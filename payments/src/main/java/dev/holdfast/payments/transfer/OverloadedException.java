package dev.holdfast.payments.transfer;

/** Too many transfers wait; nothing has happened to this one. */
final class OverloadedException extends RuntimeException {
    OverloadedException(int waiting) {
        super("%d transfers wait already".formatted(waiting), null, false, false);
    }
}
