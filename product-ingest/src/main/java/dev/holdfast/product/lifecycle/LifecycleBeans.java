package dev.holdfast.product.lifecycle;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires the plain classes of the lifecycle. */
class LifecycleBeans {
    @Produces
    @Singleton
    LifecycleService service(Transactions transactions, Outbox outbox, Ids ids, ProductConfig config) {
        return new LifecycleService(transactions, outbox, ids, config);
    }

    @Produces
    @Singleton
    Archiver archiver(
            Pool pool,
            Transactions transactions,
            Outbox outbox,
            Ids ids,
            ProductConfig config,
            MeterRegistry meters,
            Clock clock) {
        return new Archiver(pool, transactions, outbox, ids, config, new ArchiveMetrics(meters), clock);
    }

    @Produces
    @Singleton
    Retention retention(Transactions transactions, ProductConfig config, Clock clock) {
        return new Retention(transactions, config.retention(), clock);
    }
}
