package dev.holdfast.media.move;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.store.BlobPolicy;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Staging;
import dev.holdfast.media.sweep.BackupHolds;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires moves. */
class MoveBeans {
    @Produces
    @Singleton
    Mover mover(Pool pool, Blobs blobs, Publisher publisher, Staging staging, BlobStores stores, BackupHolds holds) {
        return new Mover(pool, blobs, publisher, staging, stores, holds);
    }

    @Produces
    @Singleton
    Moves moves(Pool pool, Mover mover, BlobPolicy policy, MediaConfig config) {
        return new Moves(pool, mover, policy, config.move().atOnce());
    }
}
