package dev.holdfast.platform.event;

/** Sends a record to the dead-letter topic; the message becomes its header {@code dead-letter-reason}. */
public final class UnusableRecordException extends RuntimeException {
    /**
     * @param reason a stable word
     * @param detail what to mend, for people
     */
    public UnusableRecordException(String reason, String detail) {
        super("%s: %s".formatted(reason, detail), null, false, false);
    }
}
