package dev.holdfast.media.resumable;

import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What one request brings of an upload.
 *
 * @param bytes are asked for no faster than the disk takes them
 * @param length how many they will be; 0 when it is not said
 * @param checksum of them
 */
record Chunk(Multi<Buffer> bytes, long length, Optional<UploadChecksum> checksum) {
    /** Whether they are what the client has sent, as far as it can be known. */
    boolean isWhole() {
        return checksum.isEmpty() || checksum.get().fits();
    }
}
