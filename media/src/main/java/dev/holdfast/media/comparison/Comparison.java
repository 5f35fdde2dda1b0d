package dev.holdfast.media.comparison;

import dev.holdfast.media.store.Backend;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What was measured of all stores, on the same images.
 *
 * @param bytes of all images
 */
public record Comparison(UUID id, Instant measuredAt, int images, long bytes, List<Measured> stores) {
    /**
     * Of one store.
     *
     * @param write of an image, from its first byte until it survives a power cut
     * @param read of an image, until its last byte
     * @param walBytes that PostgreSQL logged during the writes, whoever caused them
     * @param spaceBytes that the images took
     * @param backupMicros to read all images, one after the other
     */
    public record Measured(
            Backend store, Latency write, Latency read, long walBytes, long spaceBytes, long backupMicros) {}
}
