package dev.holdfast.platform.batch;

/** Too many wait; nothing has happened to this one. */
public final class OverloadedException extends RuntimeException {
    public OverloadedException(int waiting) {
        super("%d wait already".formatted(waiting), null, false, false);
    }
}
