package dev.holdfast.local.media;

/** There is no backup, or no recovery from it; the message says why, and what to do. */
public final class BackupException extends RuntimeException {
    BackupException(String message) {
        super(message);
    }

    BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
