package dev.holdfast.media.blob;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.store.BlobPolicy;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Staging;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.Transactions;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires publishing. */
class BlobBeans {
    @Produces
    @Singleton
    Publisher publisher(
            Pool pool,
            Transactions transactions,
            Staging staging,
            BlobStores stores,
            BlobPolicy policy,
            Quotas quotas,
            Ids ids,
            Clock clock,
            MediaConfig config,
            BlobEvents events) {
        return new Publisher(
                pool,
                transactions,
                staging,
                stores,
                policy,
                quotas,
                ids,
                clock,
                config.upload().expiresAfter(),
                events);
    }

    @Produces
    @Singleton
    BlobEvents events(Outbox outbox, Ids ids, Clock clock, MediaConfig config) {
        return new BlobEvents(outbox, ids, clock, config.eventTopic());
    }

    @Produces
    @Singleton
    Blobs blobs(Pool pool) {
        return new Blobs(pool);
    }

    @Produces
    @Singleton
    BlobReads reads(Blobs blobs, BlobStores stores) {
        return new BlobReads(blobs, stores);
    }

    @Produces
    @Singleton
    References references(Pool pool, Transactions transactions, Quotas quotas) {
        return new References(pool, transactions, quotas);
    }

    @Produces
    @Singleton
    Quotas quotas(MediaConfig config) {
        return Quotas.of(config.quota());
    }
}
