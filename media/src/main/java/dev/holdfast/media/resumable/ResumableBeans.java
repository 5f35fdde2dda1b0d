package dev.holdfast.media.resumable;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.image.Uploads;
import dev.holdfast.platform.postgres.Transactions;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires resumable uploads. */
class ResumableBeans {
    @Produces
    @Singleton
    ResumableUploads uploads(
            Pool pool,
            Transactions transactions,
            Publisher publisher,
            Uploads uploads,
            Clock clock,
            MediaConfig config) {
        return new ResumableUploads(
                pool,
                transactions,
                publisher,
                uploads,
                new Turns(clock, config.upload().resumable().givesWayAfter()),
                clock,
                ResumableLimits.of(config.upload()));
    }
}
