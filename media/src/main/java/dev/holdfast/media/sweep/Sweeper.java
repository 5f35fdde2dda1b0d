package dev.holdfast.media.sweep;

import dev.holdfast.media.blob.BlobEvents;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.store.Staging;
import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.media.store.UploadException;
import dev.holdfast.media.sweep.SweepStore.Condemned;
import dev.holdfast.media.sweep.SweepStore.Unused;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Deletes what nobody owns. Any number of sweeps may run at once, beside anything else. */
public final class Sweeper {
    private static final int BATCH = 1_000;
    /** Bytes that are deleted at once; more keep a fast disk busier, and others waiting for it. */
    private static final int DELETES = 16;

    private final Pool pool;
    private final Transactions transactions;
    private final Staging staging;
    private final BlobStores stores;
    private final Derivatives derivatives;
    private final Clock clock;
    private final BlobEvents events;

    public Sweeper(
            Pool pool,
            Transactions transactions,
            Staging staging,
            BlobStores stores,
            Derivatives derivatives,
            Clock clock,
            BlobEvents events) {
        this.pool = pool;
        this.transactions = transactions;
        this.staging = staging;
        this.stores = stores;
        this.derivatives = derivatives;
        this.clock = clock;
        this.events = events;
    }

    /** @param dryRun only looks */
    public Uni<SweepReport> sweep(boolean dryRun) {
        return expire(dryRun)
                .chain(expired -> sweepBlobs(SweepStore.FIRST, dryRun).map(expired::plus))
                .call(() -> dryRun ? Uni.createFrom().voidItem() : sweepDerivatives())
                .chain(found -> (dryRun ? nothing() : purge(SweepStore.FIRST)).map(found::plus))
                .chain(found -> sweepStaging(dryRun).map(found::plus))
                .chain(found -> sweepStores(dryRun).map(found::plus));
    }

    private static Uni<SweepReport> nothing() {
        return Uni.createFrom().item(SweepReport.NOTHING);
    }

    private Uni<SweepReport> expire(boolean dryRun) {
        return (dryRun ? SweepStore.expired(pool, clock.instant()) : SweepStore.expire(pool, clock.instant()))
                .map(SweepReport::ofExpired);
    }

    /** Condemns blobs that nobody uses. */
    private Uni<SweepReport> sweepBlobs(UUID after, boolean dryRun) {
        return SweepStore.unused(pool, after, BATCH)
                .chain(found -> found.isEmpty()
                        ? nothing()
                        : (dryRun ? Uni.createFrom().item(SweepReport.ofUnused(found)) : condemn(found))
                                .chain(swept ->
                                        sweepBlobs(found.getLast().id(), dryRun).map(swept::plus)));
    }

    private Uni<SweepReport> condemn(List<Unused> found) {
        List<UUID> ids = found.stream().map(Unused::id).toList();
        return transactions
                .inTransaction(connection ->
                        SweepStore.lock(connection, ids).chain(locked -> SweepStore.condemn(connection, locked)))
                .map(condemned -> SweepReport.ofUnused(found.stream()
                        .filter(one -> condemned.contains(one.id()))
                        .toList()));
    }

    /**
     * Deletes what was made of images that are not live any more, now or since an earlier sweep; also while a backup is made, because
     * it can be made again.
     */
    private Uni<Void> sweepDerivatives() {
        return derivatives
                .images()
                .onItem()
                .transformToMulti(images -> Multi.createFrom().iterable(images))
                .group()
                .intoLists()
                .of(BATCH)
                .onItem()
                .transformToUniAndConcatenate(
                        listed -> SweepStore.live(pool, listed).chain(live -> forget(listed, live)))
                .onItem()
                .ignoreAsUni();
    }

    private Uni<Void> forget(List<Sha256> listed, Set<Sha256> live) {
        Set<Sha256> gone =
                listed.stream().filter(image -> !live.contains(image)).collect(Collectors.toSet());
        return gone.isEmpty() ? Uni.createFrom().voidItem() : derivatives.forget(gone);
    }

    /**
     * Deletes the rows of what is condemned, then the bytes. Whether somebody makes a backup is asked in between: the copy of the
     * database may have rows that are gone here, but not if it begins later than they went.
     */
    private Uni<SweepReport> purge(UUID after) {
        return isHeld().chain(held -> held ? Uni.createFrom().item(SweepReport.HELD) : purgeUnheld(after));
    }

    private Uni<SweepReport> purgeUnheld(UUID after) {
        return SweepStore.condemned(pool, after, BATCH)
                .chain(found -> found.isEmpty()
                        ? nothing()
                        : deleteRows(found)
                                .chain(this::isHeld)
                                .chain(held -> held
                                        ? Uni.createFrom().item(SweepReport.HELD)
                                        : deleteBytes(found)
                                                .chain(() -> purgeUnheld(
                                                        found.getLast().ref().id()))));
    }

    /** And tells so, of those that no other sweep has deleted. */
    private Uni<Void> deleteRows(List<Condemned> found) {
        return transactions
                .inTransaction(connection ->
                        SweepStore.delete(connection, found).chain(deleted -> events.deleted(connection, deleted)))
                .invoke(events::wake);
    }

    private Uni<Void> deleteBytes(List<Condemned> found) {
        return Multi.createFrom()
                .iterable(found)
                .onItem()
                .transformToMultiAndConcatenate(one -> Multi.createFrom()
                        .items(one.backends().stream()
                                .map(backend -> stores.of(backend).delete(one.ref()))))
                .onItem()
                .transformToUni(delete -> delete)
                .merge(DELETES)
                .onItem()
                .ignoreAsUni();
    }

    private Uni<SweepReport> sweepStaging(boolean dryRun) {
        return staging.list()
                .chain(listed -> SweepStore.announced(pool, listed)
                        .map(announced -> listed.stream()
                                .filter(id -> !announced.contains(id))
                                .toList()))
                .chain(orphans -> dryRun
                        ? Uni.createFrom().item(SweepReport.ofStaged(orphans.size()))
                        : Multi.createFrom()
                                .iterable(orphans)
                                .onItem()
                                .transformToUni(this::discard)
                                .merge(DELETES)
                                .collect()
                                .with(Collectors.summingLong(deleted -> deleted))
                                .map(SweepReport::ofStaged));
    }

    /** 1, or 0 when it is being written to by somebody whose intent has expired: they will find out, and the next sweep comes. */
    private Uni<Long> discard(UUID id) {
        return staging.discard(id)
                .map(deleted -> deleted ? 1L : 0L)
                .onFailure(UploadException.class)
                .recoverWithItem(0L);
    }

    private Uni<SweepReport> sweepStores(boolean dryRun) {
        return Multi.createFrom()
                .iterable(stores.backends())
                .onItem()
                .transformToUniAndConcatenate(backend -> stores.of(backend)
                        .list()
                        .group()
                        .intoLists()
                        .of(BATCH)
                        .onItem()
                        .transformToUniAndConcatenate(listed -> sweep(backend, listed, dryRun))
                        .collect()
                        .with(SweepReport.SUM))
                .collect()
                .with(SweepReport.SUM);
    }

    /** These have been listed; now it is looked who owns them. */
    private Uni<SweepReport> sweep(Backend backend, List<StoredBlob> listed, boolean dryRun) {
        return SweepStore.owned(
                        pool, backend, listed.stream().map(StoredBlob::id).toList())
                .chain(owned -> {
                    List<StoredBlob> orphans = listed.stream()
                            .filter(one -> !owned.contains(one.id()))
                            .toList();
                    return orphans.isEmpty()
                            ? nothing()
                            : isHeld().chain(held -> held
                                    ? Uni.createFrom()
                                            .item(SweepReport.ofStored(orphans).plus(SweepReport.HELD))
                                    : (dryRun ? Uni.createFrom().voidItem() : delete(backend, orphans))
                                            .replaceWith(SweepReport.ofStored(orphans)));
                });
    }

    /** Told first: after a crash in between, the next sweep finds them again, and tells the same once more. */
    private Uni<Void> delete(Backend backend, List<StoredBlob> orphans) {
        BlobStore store = stores.of(backend);
        return transactions
                .inTransaction(connection -> events.orphansRemoved(connection, backend, orphans))
                .invoke(events::wake)
                .chain(() -> Multi.createFrom()
                        .iterable(orphans)
                        .onItem()
                        .transformToUni(store::delete)
                        .merge(DELETES)
                        .onItem()
                        .ignoreAsUni());
    }

    private Uni<Boolean> isHeld() {
        return SweepStore.isHeld(pool, clock.instant());
    }
}
