package dev.holdfast.local.media;

import java.io.IOException;
import java.util.UUID;

/** Keeps the service from deleting bytes while they are copied. */
public interface Holds {
    UUID hold() throws IOException;

    /** False when it has not lasted until now. */
    boolean release(UUID hold) throws IOException;
}
