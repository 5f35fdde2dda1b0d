package dev.holdfast.media.sweep;

import dev.holdfast.media.Batches;
import dev.holdfast.media.blob.BlobEvents;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.store.Staging;
import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.media.store.UploadException;
import dev.holdfast.media.sweep.SweepStore.Condemned;
import dev.holdfast.media.sweep.SweepStore.Unused;
import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Deletes what nobody owns. Any number of sweeps may run at once, beside anything else. */
public final class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);
    private static final int BATCH = 1_000;
    /** Uploads that are deleted at once; others wait for the same threads. */
    private static final int DELETES = 2;

    private final Pool pool;
    private final Transactions transactions;
    private final Staging staging;
    private final BlobStores stores;
    private final Derivatives derivatives;
    private final Clock clock;
    private final BlobEvents events;
    private final double rest;

    /** @param rest after each batch, as a multiple of how long that took; who only looks is waited for, and does not rest */
    public Sweeper(
            Pool pool,
            Transactions transactions,
            Staging staging,
            BlobStores stores,
            Derivatives derivatives,
            Clock clock,
            BlobEvents events,
            double rest) {
        if (!(rest >= 0)) {
            throw new IllegalArgumentException("media.sweep.rest is %s; it must be 0 or more".formatted(rest));
        }
        this.pool = pool;
        this.transactions = transactions;
        this.staging = staging;
        this.stores = stores;
        this.derivatives = derivatives;
        this.clock = clock;
        this.events = events;
        this.rest = rest;
    }

    /**
     * A store that fails keeps it from nothing but sweeping that one; when the database fails, so does the sweep.
     *
     * @param dryRun only looks
     */
    public Uni<SweepReport> sweep(boolean dryRun) {
        return expire(dryRun)
                .chain(expired -> sweepBlobs(dryRun).map(expired::plus))
                .chain(found ->
                        (dryRun ? nothing() : unlessFailed("variants", this::sweepDerivatives)).map(found::plus))
                .chain(found -> (dryRun ? nothing() : purge()).map(found::plus))
                .chain(found ->
                        unlessFailed("staging", () -> sweepStaging(dryRun)).map(found::plus))
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
    private Uni<SweepReport> sweepBlobs(boolean dryRun) {
        return Batches.of(Batches.FIRST, after -> SweepStore.unused(pool, after, BATCH), Unused::id)
                .onItem()
                .transformToUniAndConcatenate(found ->
                        dryRun ? Uni.createFrom().item(SweepReport.ofUnused(found)) : rested(() -> condemn(found)))
                .collect()
                .with(SweepReport.SUM);
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
    private Uni<SweepReport> sweepDerivatives() {
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
                .ignoreAsUni()
                .replaceWith(SweepReport.NOTHING);
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
    private Uni<SweepReport> purge() {
        return Batches.of(
                        Batches.FIRST,
                        after -> SweepStore.condemned(pool, after, BATCH),
                        (Condemned one) -> one.ref().id())
                .onItem()
                .transformToUniAndConcatenate(found -> rested(() ->
                        unlessHeld(() -> deleteRows(found).chain(() -> unlessHeld(() -> deleteBytes(found))))))
                .collect()
                .with(SweepReport.SUM);
    }

    /** And tells so, of those that no other sweep has deleted. */
    private Uni<Void> deleteRows(List<Condemned> found) {
        return transactions
                .inTransaction(connection ->
                        SweepStore.delete(connection, found).chain(deleted -> events.deleted(connection, deleted)))
                .invoke(events::wake);
    }

    private Uni<SweepReport> unlessHeld(Supplier<Uni<SweepReport>> delete) {
        return isHeld().chain(held -> held ? Uni.createFrom().item(SweepReport.HELD) : delete.get());
    }

    /** What is left of them has no row any more, so a later sweep finds it. */
    private Uni<SweepReport> deleteBytes(List<Condemned> found) {
        Map<Backend, List<Condemned>> byBackend =
                found.stream().collect(Collectors.groupingBy(Condemned::backend, TreeMap::new, Collectors.toList()));
        return Multi.createFrom()
                .iterable(byBackend.entrySet())
                .onItem()
                .transformToUniAndConcatenate(some -> unlessFailed(name(some.getKey()), () -> {
                    BlobStore store = stores.of(some.getKey());
                    return store.delete(some.getValue().stream()
                                    .map(one -> store.stored(one.ref()))
                                    .toList())
                            .replaceWith(SweepReport.NOTHING);
                }))
                .collect()
                .with(SweepReport.SUM);
    }

    private static Uni<SweepReport> unlessFailed(String store, Supplier<Uni<SweepReport>> sweep) {
        return Uni.createFrom()
                .deferred(sweep::get)
                .onFailure(Sweeper::isOfStore)
                .recoverWithItem(failure -> failed(store, failure));
    }

    private static boolean isOfStore(Throwable failure) {
        return failure instanceof BlobException
                || failure instanceof UploadException
                || failure instanceof OverloadedException;
    }

    private static SweepReport failed(String store, Throwable failure) {
        LOG.warnf("The sweep leaves something in %s: %s", store, failure);
        return SweepReport.ofFailed(store);
    }

    private static String name(Backend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
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
                                .with(SweepReport.SUM));
    }

    /** Nothing when it is being written to by somebody whose intent has expired: they will find out, and the next sweep comes. */
    private Uni<SweepReport> discard(UUID id) {
        return unlessFailed(
                "staging",
                () -> staging.discard(id)
                        .map(deleted -> SweepReport.ofStaged(deleted ? 1 : 0))
                        .onFailure(Sweeper::isBusy)
                        .recoverWithItem(SweepReport.NOTHING));
    }

    private static boolean isBusy(Throwable failure) {
        return failure instanceof UploadException upload && upload.reason() == UploadException.Reason.BUSY;
    }

    private Uni<SweepReport> sweepStores(boolean dryRun) {
        return Multi.createFrom()
                .iterable(new TreeSet<>(stores.backends()))
                .onItem()
                .transformToUniAndConcatenate(backend -> stores.of(backend)
                        .list()
                        .group()
                        .intoLists()
                        .of(BATCH)
                        .onItem()
                        .transformToUniAndConcatenate(listed ->
                                dryRun ? sweep(backend, listed, true) : rested(() -> sweep(backend, listed, false)))
                        .onFailure(Sweeper::isOfStore)
                        .recoverWithItem(failure -> failed(name(backend), failure))
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
                                    : dryRun
                                            ? Uni.createFrom().item(SweepReport.ofStored(orphans))
                                            : delete(backend, orphans));
                });
    }

    /** Told first: after a crash in between, the next sweep finds them again, and tells the same once more. */
    private Uni<SweepReport> delete(Backend backend, List<StoredBlob> orphans) {
        return transactions
                .inTransaction(connection -> events.orphansRemoved(connection, backend, orphans))
                .invoke(events::wake)
                .chain(() -> unlessFailed(
                        name(backend),
                        () -> stores.of(backend).delete(orphans).replaceWith(SweepReport.ofStored(orphans))));
    }

    /** Those who upload meanwhile have the machine to themselves for a while. */
    private Uni<SweepReport> rested(Supplier<Uni<SweepReport>> batch) {
        return Uni.createFrom().deferred(() -> {
            long beginNs = System.nanoTime();
            return batch.get().call(() -> pause((long) (rest * (System.nanoTime() - beginNs))));
        });
    }

    /** In whole milliseconds, as timers have them. */
    private static Uni<Void> pause(long ns) {
        long ms = TimeUnit.NANOSECONDS.toMillis(ns);
        return ms == 0
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(ms));
    }

    private Uni<Boolean> isHeld() {
        return SweepStore.isHeld(pool, clock.instant());
    }
}
