package dev.holdfast.media.scrub;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.move.Mover;
import dev.holdfast.media.store.BlobStores;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires scrubs. */
class ScrubBeans {
    /** From the start, for its metrics. */
    @Produces
    @Singleton
    @Startup
    Scrubber scrubber(
            Pool pool,
            Blobs blobs,
            BlobStores stores,
            Mover mover,
            MeterRegistry meters,
            Clock clock,
            MediaConfig config) {
        return new Scrubber(
                pool,
                blobs,
                stores,
                mover,
                new ScrubMetrics(meters),
                clock,
                config.scrub().bytesPerSecond());
    }
}
