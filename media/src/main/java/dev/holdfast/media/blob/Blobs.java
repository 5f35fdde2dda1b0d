package dev.holdfast.media.blob;

import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.Optional;
import java.util.UUID;

/** Blobs that are there. */
public final class Blobs {
    private final Pool pool;

    public Blobs(Pool pool) {
        this.pool = pool;
    }

    /** The live one with these bytes. */
    public Uni<Optional<Blob>> live(Sha256 hash) {
        return PublishingStore.live(pool, hash);
    }

    /** Empty when it is condemned or gone. */
    public Uni<Optional<Blob>> live(UUID id) {
        return PublishingStore.live(pool, id);
    }
}
