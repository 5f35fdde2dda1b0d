package dev.holdfast.media.sweep;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.BlobEvents;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Staging;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires sweeps. */
class SweepBeans {
    @Produces
    @Singleton
    Sweeper sweeper(
            Pool pool,
            Transactions transactions,
            Staging staging,
            BlobStores stores,
            Derivatives derivatives,
            Clock clock,
            BlobEvents events,
            MediaConfig config) {
        return new Sweeper(
                pool,
                transactions,
                staging,
                stores,
                derivatives,
                clock,
                events,
                config.sweep().rest());
    }

    @Produces
    @Singleton
    Orphans orphans(Pool pool, Staging staging, BlobStores stores) {
        return new Orphans(pool, staging, stores);
    }

    /** From the start. */
    @Produces
    @Singleton
    @Startup
    SweepMetrics metrics(MeterRegistry meters, Clock clock) {
        return new SweepMetrics(meters, clock);
    }

    @Produces
    @Singleton
    BackupHolds holds(Pool pool, Ids ids, Clock clock) {
        return new BackupHolds(pool, ids, clock);
    }
}
