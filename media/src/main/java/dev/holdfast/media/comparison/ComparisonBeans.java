package dev.holdfast.media.comparison;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Staging;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.postgres.Transactions;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;

/** Wires comparisons. */
class ComparisonBeans {
    @Produces
    @Singleton
    Comparer comparer(
            Pool pool,
            Transactions transactions,
            Publisher publisher,
            Staging staging,
            BlobStores stores,
            Ids ids,
            Clock clock,
            MediaConfig config) {
        return new Comparer(
                pool,
                transactions,
                publisher,
                staging,
                stores,
                ids,
                clock,
                new SecureRandom(),
                config.comparison().bytesMax());
    }
}
