package dev.holdfast.media.picture;

import org.jspecify.annotations.Nullable;

/** Nothing was rendered, and the picture is not at fault. */
public final class PictureWorkersException extends RuntimeException {
    PictureWorkersException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static PictureWorkersException closed() {
        return new PictureWorkersException("The workers are closed", null);
    }
}
