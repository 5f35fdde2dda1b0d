package dev.holdfast.media.blob;

import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobPolicy;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.Staging;
import dev.holdfast.media.store.Upload;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Makes blobs of uploads, in this order:
 *
 * <ol>
 *   <li>the intent commits;
 *   <li>the bytes are staged under its id, hashed and counted, and synced;
 *   <li>they are stored, durably, under a name that has the id in it;
 *   <li>one transaction replaces the intent by the blob and its first reference, or by a reference to a live blob of the same
 *       bytes.
 * </ol>
 *
 * A crash between them leaves bytes that have an intent until that expires, and then nothing: they are swept. Acknowledged is what
 * step 4 has committed, and that has bytes.
 */
public final class Publisher {
    private static final Logger LOG = Logger.getLogger(Publisher.class);

    private final Pool pool;
    private final Transactions transactions;
    private final Staging staging;
    private final BlobStores stores;
    private final BlobPolicy policy;
    private final Quotas quotas;
    private final Ids ids;
    private final Clock clock;
    private final Duration intentLasts;
    private final BlobEvents events;

    /** @param intentLasts how long an upload may take; longer leaves what nobody will finish for longer */
    public Publisher(
            Pool pool,
            Transactions transactions,
            Staging staging,
            BlobStores stores,
            BlobPolicy policy,
            Quotas quotas,
            Ids ids,
            Clock clock,
            Duration intentLasts,
            BlobEvents events) {
        this.pool = pool;
        this.transactions = transactions;
        this.staging = staging;
        this.stores = stores;
        this.policy = policy;
        this.quotas = quotas;
        this.ids = ids;
        this.clock = clock;
        this.intentLasts = intentLasts;
        this.events = events;
    }

    /**
     * Whether there would be no room for it: asked before its bytes come, so that they need not. Who uploads what is there already, to
     * an owner without room, is refused, too. What counts is {@link #publish}.
     *
     * @param size in bytes
     */
    public Uni<Optional<QuotaUse>> overQuota(Reference reference, long size) {
        return PublishingStore.use(pool, reference, quotas.of(reference))
                .map(use -> Optional.of(use).filter(full -> !full.hasRoomFor(size)));
    }

    /** Step 1; the id of the intent, and of the blob that may come of it. */
    public Uni<UUID> announce(String owner) {
        UUID id = ids.next();
        return PublishingStore.announce(pool, id, owner, clock.instant().plus(intentLasts))
                .replaceWith(id);
    }

    /**
     * Step 2 begins.
     *
     * @param sizeMax in bytes
     */
    public Uni<Upload> begin(UUID intent, long sizeMax) {
        return staging.begin(intent, sizeMax);
    }

    /**
     * Step 2 goes on, of an upload that was checkpointed.
     *
     * @param sizeMax in bytes
     */
    public Uni<Upload> resume(UUID intent, long sizeMax) {
        return staging.resume(intent, sizeMax);
    }

    /** What step 2 gave, for whoever goes on with step 3 later. */
    public StagedFile staged(UUID intent, Sha256 sha256, long size) {
        return staging.finished(intent, sha256, size);
    }

    /** Steps 3 and 4, of an upload that is finished. May be repeated when it is not known what became of it. */
    public Uni<PublishResult> publish(StagedFile staged, Content content, Reference reference) {
        Blob blob = new Blob(
                new BlobRef(staged.id(), staged.sha256(), staged.size()),
                content,
                policy.backend(content.mediaType(), staged.size()));
        return PublishingStore.live(pool, staged.sha256())
                .chain(known -> known.isPresent()
                        ? publishAgain(known.get(), blob, staged, reference)
                        : storeAndConfirm(blob, staged, reference))
                .call(() -> leave(staging.discard(staged.id()), staged.id()));
    }

    /**
     * Bytes of a live blob come back with whoever sends the same ones. Lost ones are put where they were: a store that only seems empty,
     * such as a volume that is not mounted, has them still. Spoilt ones stay where they are, and the upload becomes another copy; what is
     * not needed after that is left to the sweep, which sees what the row names when all is done.
     */
    private Uni<PublishResult> publishAgain(Blob known, Blob blob, StagedFile staged, Reference reference) {
        BlobStore store = stores.of(known.backend());
        return store.verify(known.ref()).chain(found -> switch (found) {
            case INTACT -> attachOrStore(blob, staged, reference);
            case MISSING -> store.put(known.ref(), staged).chain(() -> attachOrStore(blob, staged, reference));
            case CORRUPT -> replace(known, blob, staged, reference);
        });
    }

    private Uni<PublishResult> attachOrStore(Blob blob, StagedFile staged, Reference reference) {
        return attach(blob, reference)
                .chain(attached -> attached.isPresent()
                        ? Uni.createFrom().item(attached.get())
                        : storeAndConfirm(blob, staged, reference));
    }

    /** Only by what has been read back: the other copy goes with the next sweep. */
    private Uni<PublishResult> replace(Blob damaged, Blob blob, StagedFile staged, Reference reference) {
        BlobStore store = stores.of(blob.backend());
        return store.put(blob.ref(), staged)
                .chain(() -> store.verify(blob.ref()))
                .invoke(found -> {
                    if (found != Integrity.INTACT) {
                        throw BlobException.differs(blob.ref().id());
                    }
                })
                .chain(() -> inTransaction(
                        blob,
                        reference,
                        (connection, quota) ->
                                PublishingStore.replace(connection, damaged, blob, reference, quota, events)));
    }

    /** What is kept is kept: that something is left over is nothing to fail for. The sweep finds it. */
    private static Uni<Boolean> leave(Uni<Boolean> tidying, UUID id) {
        return tidying.onFailure()
                .invoke(failure -> LOG.infof("What is left of upload %s is left to the sweep: %s", id, failure))
                .onFailure()
                .recoverWithItem(false);
    }

    /** To the same bytes, if they are still live; without storing anything. */
    private Uni<Optional<PublishResult>> attach(Blob blob, Reference reference) {
        return transactions.inTransaction(connection -> OwnerStore.enter(connection, reference)
                .chain(isErased -> isErased
                        ? refuse(connection, blob).map(Optional::of)
                        : PublishingStore.attachToSameBytes(connection, blob, reference, quotas.of(reference))));
    }

    private static Uni<PublishResult> refuse(SqlConnection connection, Blob blob) {
        return PublishingStore.giveUp(connection, blob.ref().id()).replaceWith(new PublishResult.OwnerErased());
    }

    private Uni<PublishResult> storeAndConfirm(Blob blob, StagedFile staged, Reference reference) {
        return stores.of(blob.backend())
                .put(blob.ref(), staged)
                .chain(() -> inTransaction(
                        blob,
                        reference,
                        (connection, quota) -> PublishingStore.confirm(connection, blob, reference, quota, events)))
                .call(result -> switch (result) {
                    case PublishResult.Known _, PublishResult.OverQuota _ ->
                        leave(forget(blob), blob.ref().id());
                    case PublishResult.Stored _ -> Uni.createFrom().voidItem();
                    // left to the sweep, which looks first whether an earlier commit gave them a row
                    case PublishResult.Expired _, PublishResult.OwnerErased _ ->
                        Uni.createFrom().voidItem();
                });
    }

    private interface Step4 {
        Uni<PublishResult> in(SqlConnection connection, Quota quota);
    }

    private Uni<PublishResult> inTransaction(Blob blob, Reference reference, Step4 step4) {
        return transactions
                .inTransaction(connection -> OwnerStore.enter(connection, reference)
                        .chain(isErased ->
                                isErased ? refuse(connection, blob) : step4.in(connection, quotas.of(reference))))
                .invoke(events::wake);
    }

    /** Bytes that got no row. */
    private Uni<Boolean> forget(Blob blob) {
        return stores.of(blob.backend()).delete(blob.ref());
    }

    /** Whoever does not want to go on. */
    public Uni<Void> giveUp(UUID intent) {
        return PublishingStore.giveUp(pool, intent)
                .chain(() -> staging.discard(intent))
                .replaceWithVoid();
    }
}
