package dev.holdfast.product.lifecycle;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.outbox.OutboxEvent;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Archives products that have been deleted for longer than {@link ProductConfig.Archive#after()}, batch by batch, each in
 * a transaction of its own. Any number of instances may run at once: each product is archived by one of them.
 */
final class Archiver {
    private final Pool pool;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Ids ids;
    private final ProductConfig config;
    private final ArchiveMetrics metrics;
    private final Clock clock;

    Archiver(
            Pool pool,
            Transactions transactions,
            Outbox outbox,
            Ids ids,
            ProductConfig config,
            ArchiveMetrics metrics,
            Clock clock) {
        this.pool = pool;
        this.transactions = transactions;
        this.outbox = outbox;
        this.ids = ids;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Tells what a run would archive, and changes nothing. */
    Uni<ArchiveRun> look() {
        return look(true, deletedUntil(), 0);
    }

    /** Archives what is due, at most {@link ProductConfig.Archive#batchesMax()} batches of it. */
    Uni<ArchiveRun> run() {
        Instant deletedUntil = deletedUntil();
        return run(deletedUntil, config.archive().batchesMax(), 0)
                .chain(archived -> look(false, deletedUntil, archived));
    }

    private Instant deletedUntil() {
        return clock.instant().minus(config.archive().after());
    }

    private Uni<ArchiveRun> look(boolean dryRun, Instant deletedUntil, long archived) {
        return ArchiveStore.eligible(pool, deletedUntil)
                .map(vendors -> ArchiveRun.of(dryRun, deletedUntil, archived, vendors))
                .invoke(run -> metrics.record(run, clock.instant()));
    }

    private Uni<Long> run(Instant deletedUntil, int batchesLeft, long archivedBefore) {
        if (batchesLeft == 0) {
            return Uni.createFrom().item(archivedBefore);
        }
        return transactions
                .inTransaction(connection -> archive(connection, deletedUntil))
                .invoke(archived -> {
                    outbox.wake();
                    metrics.recordArchived(archived);
                })
                .chain(archived -> archived < config.archive().batchSize()
                        ? Uni.createFrom().item(archivedBefore + archived)
                        : run(deletedUntil, batchesLeft - 1, archivedBefore + archived));
    }

    private Uni<Integer> archive(SqlConnection connection, Instant deletedUntil) {
        return ArchiveStore.archive(connection, deletedUntil, config.archive().batchSize())
                .call(archived -> outbox.append(connection, events(archived)))
                .map(List::size);
    }

    private List<OutboxEvent> events(List<ArchiveStore.Archived> archived) {
        return config.events()
                ? archived.stream()
                        .map(product -> OutboxEvent.of(
                                ids.next(),
                                config.eventTopic(),
                                "product.archived",
                                product.id(),
                                product.rowVersion(),
                                product.at(),
                                product.payload()))
                        .toList()
                : List.of();
    }
}
