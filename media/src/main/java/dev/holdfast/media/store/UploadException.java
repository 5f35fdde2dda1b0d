package dev.holdfast.media.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Why an upload does not go on. */
public final class UploadException extends RuntimeException {
    public enum Reason {
        /** There is one of this id already. */
        EXISTS,
        /** There is none of this id that could be resumed. */
        MISSING,
        /** Somebody else has it open. */
        BUSY,
        /** It has not as many bytes as the caller takes for granted. */
        WRONG_OFFSET,
        /** More bytes than it may have. */
        TOO_LARGE,
        /** The disk failed. It may be resumed from where it was last synced. */
        BROKEN
    }

    private final Reason reason;

    UploadException(Reason reason, UUID id, String detail) {
        this(reason, id, detail, null);
    }

    UploadException(Reason reason, UUID id, String detail, @Nullable Throwable cause) {
        super("upload %s: %s".formatted(id, detail), cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
