package dev.holdfast.media.move;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.Staging;
import dev.holdfast.media.sweep.BackupHolds;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives blobs another copy, in this order:
 *
 * <ol>
 *   <li>the id of the new copy is announced;
 *   <li>the bytes are staged under it, and compared with what they should be;
 *   <li>they are stored, durably;
 *   <li>one statement replaces the announcement and the old copy by the new one;
 *   <li>the old bytes are deleted, unless somebody makes a backup, whose copy of the database may name them.
 * </ol>
 *
 * Nobody has to go on with a move after a crash: until step 4 the row names the old copy, and what there is of the new one is swept when
 * its announcement expires; after it the row names the new one, and the old one has no owner. Any number may move the same blob at
 * once; one of them wins, and the others delete what they made.
 */
public final class Mover {
    private static final Logger LOG = Logger.getLogger(Mover.class);
    private static final String OWNER = "a move";

    private final Pool pool;
    private final Blobs blobs;
    private final Publisher publisher;
    private final Staging staging;
    private final BlobStores stores;
    private final BackupHolds holds;

    public Mover(Pool pool, Blobs blobs, Publisher publisher, Staging staging, BlobStores stores, BackupHolds holds) {
        this.pool = pool;
        this.blobs = blobs;
        this.publisher = publisher;
        this.staging = staging;
        this.stores = stores;
        this.holds = holds;
    }

    /** @param blob as it was when the caller looked; fails with {@link BlobException} when a store does */
    public Uni<MoveResult> move(Blob blob, Backend to) {
        return blob.backend() == to
                ? Uni.createFrom().item(new MoveResult.Already(blob))
                : copy(blob, blob.ref(), blob.backend(), to);
    }

    /**
     * Replaces a copy that is damaged by one in the same store.
     *
     * @param intact what to copy
     * @param from where that is
     */
    public Uni<MoveResult> repair(Blob damaged, BlobRef intact, Backend from) {
        return copy(damaged, intact, from, damaged.backend());
    }

    private sealed interface Staged {
        record Whole(StagedFile file) implements Staged {}

        record Damaged(Integrity found) implements Staged {}
    }

    private Uni<MoveResult> copy(Blob blob, BlobRef source, Backend from, Backend to) {
        return Uni.createFrom()
                // before anything is announced
                .item(() -> stores.of(to))
                .chain(target -> publisher.announce(OWNER))
                .chain(copy -> stage(copy, source, from)
                        .chain(staged -> switch (staged) {
                            case Staged.Whole(StagedFile file) -> store(blob, file, to);
                            case Staged.Damaged(Integrity found) ->
                                giveUp(blob.ref().asCopy(copy), to).chain(() -> judge(blob, found));
                        })
                        .onFailure()
                        .call(() -> giveUp(blob.ref().asCopy(copy), to))
                        .onCancellation()
                        .call(() -> giveUp(blob.ref().asCopy(copy), to)));
    }

    private Uni<Staged> stage(UUID copy, BlobRef source, Backend from) {
        return publisher
                .begin(copy, source.size())
                .chain(upload -> upload.append(0, stores.of(from).read(source, 0, source.size()))
                        .chain(upload::finish)
                        .onFailure()
                        .call(upload::close)
                        .onCancellation()
                        .call(upload::close))
                .<Staged>map(file -> file.sha256().equals(source.hash())
                        ? new Staged.Whole(file)
                        : new Staged.Damaged(Integrity.CORRUPT))
                .onFailure(BlobException.class)
                .recoverWithUni(failure -> switch (failure.reason()) {
                    case MISSING -> Uni.createFrom().item(new Staged.Damaged(Integrity.MISSING));
                    case DIFFERS -> Uni.createFrom().item(new Staged.Damaged(Integrity.CORRUPT));
                    case UNAVAILABLE, REFUSED -> Uni.createFrom().failure(failure);
                });
    }

    /** Bytes that are not there any more may have moved since the caller looked. */
    private Uni<MoveResult> judge(Blob blob, Integrity found) {
        return blobs.live(blob.ref().id())
                .map(now -> now.filter(same -> same.ref().equals(blob.ref())).isPresent()
                        ? new MoveResult.Damaged(found)
                        : new MoveResult.Changed());
    }

    private Uni<MoveResult> store(Blob blob, StagedFile staged, Backend to) {
        BlobRef copy = blob.ref().asCopy(staged.id());
        return stores.of(to)
                .put(copy, staged)
                .chain(() -> MoveStore.switchTo(pool, blob, copy.copy(), to))
                .chain(switched -> switched
                        ? deleteOld(blob, copy).replaceWith(new MoveResult.Moved(new Blob(copy, blob.content(), to)))
                        : deleteNew(copy, to).replaceWith(new MoveResult.Changed()));
    }

    /** Whether somebody makes a backup is asked when the row has gone from there: see {@link BackupHolds}. */
    private Uni<Void> deleteOld(Blob blob, BlobRef copy) {
        return quietly(
                copy,
                staging.discard(copy.copy())
                        .chain(holds::isHeld)
                        .chain(held -> held
                                ? Uni.createFrom().item(false)
                                : stores.of(blob.backend()).delete(blob.ref())));
    }

    private Uni<Void> deleteNew(BlobRef copy, Backend to) {
        return quietly(
                copy, staging.discard(copy.copy()).chain(() -> stores.of(to).delete(copy)));
    }

    /** When it is not known whether the row names the new copy, that is left alone. */
    private Uni<Void> giveUp(BlobRef copy, Backend to) {
        return quietly(
                copy,
                MoveStore.giveUp(pool, copy.copy())
                        .chain(unused ->
                                unused ? deleteNew(copy, to).replaceWith(true) : staging.discard(copy.copy())));
    }

    private static Uni<Void> quietly(BlobRef copy, Uni<Boolean> tidying) {
        return tidying.onFailure()
                .invoke(failure ->
                        LOG.infof("What a move of blob %s leaves over is left to the sweep: %s", copy.id(), failure))
                .onFailure()
                .recoverWithItem(false)
                .replaceWithVoid();
    }
}
