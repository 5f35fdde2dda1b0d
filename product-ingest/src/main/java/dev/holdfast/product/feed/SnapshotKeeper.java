package dev.holdfast.product.feed;

import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.feed.SnapshotStore.SnapshotRef;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Brings full snapshots to an end: decides about those that are complete, deletes what they do not list, gives up those
 * that are late or overtaken, and forgets their items.
 *
 * <p>Deleting is work for itself and not for the transaction that made the snapshot complete, since that one holds the
 * locks of its own products. Several instances may do it at once: a snapshot's row tells which one is at it, and what is
 * decided is decided under that row's lock. An instance that dies leaves a batch at most, which is rolled back.
 */
final class SnapshotKeeper {
    private static final int FORGOTTEN_AT_ONCE = 10_000;

    private final Pool pool;
    private final Transactions transactions;
    private final SnapshotStore store;
    private final Outbox outbox;
    private final ProductConfig.Snapshot config;
    private final Clock clock;

    SnapshotKeeper(
            Pool pool,
            Transactions transactions,
            SnapshotStore store,
            Outbox outbox,
            ProductConfig.Snapshot config,
            Clock clock) {
        this.pool = pool;
        this.transactions = transactions;
        this.store = store;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /** Does what is to be done now, and returns when it is done; fails when the database does not answer. */
    Uni<Void> keep() {
        return SnapshotStore.giveUp(pool, clock.instant().minus(config.timeout()))
                .chain(() -> SnapshotStore.complete(pool))
                .chain(complete -> inTurn(complete, this::decide))
                .chain(() -> SnapshotStore.applying(pool))
                .chain(applying -> inTurn(applying, this::sweep))
                .chain(this::forget);
    }

    private static Uni<Void> inTurn(List<SnapshotRef> snapshots, Function<SnapshotRef, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(snapshots)
                .onItem()
                .transformToUniAndConcatenate(work::apply)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> decide(SnapshotRef snapshot) {
        return transactions.inTransaction(connection -> SnapshotStore.lockOpen(connection, snapshot)
                .chain(open -> open.map(complete -> SnapshotStore.decide(
                                connection,
                                snapshot,
                                complete,
                                SnapshotRules.decide(complete, config.deleteShareMax())))
                        .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    private Uni<Void> sweep(SnapshotRef snapshot) {
        return whileMore(() -> transactions
                .inTransaction(connection ->
                        FeedStore.enter(connection).chain(() -> store.sweep(connection, snapshot, config.batchSize())))
                .invoke(outbox::wake));
    }

    private Uni<Void> forget() {
        return whileMore(() -> SnapshotStore.forgetItems(pool, FORGOTTEN_AT_ONCE));
    }

    /** However many times that is: a chain of thousands would not fit the stack. */
    private static Uni<Void> whileMore(Supplier<Uni<Boolean>> batch) {
        return Multi.createBy()
                .repeating()
                .uni(batch::get)
                .whilst(more -> more)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
