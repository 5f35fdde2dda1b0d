package dev.holdfast.platform.lease;

/** The lease went to someone else meanwhile; the transaction that found out has changed nothing. */
public final class FencedOffException extends RuntimeException {
    public FencedOffException(String what, long epoch) {
        super(
                "%s is no longer held with epoch %d: another instance has taken over".formatted(what, epoch),
                null,
                false,
                false);
    }
}
