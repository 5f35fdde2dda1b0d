package dev.holdfast.platform.inbox;

import java.util.Objects;

/** Sends a record to the dead-letter topic; the message becomes its header {@code dead-letter-reason}. */
public final class UnusableRecordException extends RuntimeException {
    private final String reason;

    /**
     * @param reason a stable word
     * @param detail what to mend, for people
     */
    public UnusableRecordException(String reason, String detail) {
        super("%s: %s".formatted(reason, detail), null, false, false);
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public String reason() {
        return reason;
    }
}
