package dev.holdfast.media.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a store could not do. */
public final class BlobException extends RuntimeException {
    public enum Reason {
        /** There are no such bytes here. */
        MISSING,
        /** There are others than there should be. They are left alone. */
        DIFFERS,
        /** The store cannot be reached or is out of space or busy: try again later. */
        UNAVAILABLE,
        /** The store does not let us; somebody has to change its settings or ours. */
        REFUSED
    }

    private final Reason reason;

    BlobException(Reason reason, String message) {
        this(reason, message, null);
    }

    BlobException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static BlobException missing(UUID id) {
        return new BlobException(Reason.MISSING, "blob %s is not here".formatted(id));
    }

    public static BlobException differs(UUID id) {
        return new BlobException(Reason.DIFFERS, "what is stored for blob %s is something else".formatted(id));
    }

    /** A disk that fails. */
    public static BlobException unavailable(Path path, IOException failed) {
        return new BlobException(Reason.UNAVAILABLE, "%s: %s".formatted(path, failed), failed);
    }

    /** Of many, that are all tried. */
    static BlobException notAllDeleted(long left, Throwable first) {
        return new BlobException(Reason.UNAVAILABLE, "%d are not deleted: %s".formatted(left, first), first);
    }

    public Reason reason() {
        return reason;
    }
}
