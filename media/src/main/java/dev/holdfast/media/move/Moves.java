package dev.holdfast.media.move;

import dev.holdfast.media.Batches;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobPolicy;
import dev.holdfast.media.store.UploadException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Moves all blobs that are not where they should be. */
final class Moves {
    private static final Logger LOG = Logger.getLogger(Moves.class);
    private static final int BATCH = 1_000;

    private final Pool pool;
    private final Mover mover;
    private final BlobPolicy policy;
    private final int atOnce;

    /** @param atOnce blobs that are copied at once */
    Moves(Pool pool, Mover mover, BlobPolicy policy, int atOnce) {
        this.pool = pool;
        this.mover = mover;
        this.policy = policy;
        this.atOnce = atOnce;
    }

    /**
     * @param to where all of them should be; empty for where the policy would put each
     * @param after looks at those behind this id
     * @param limit of blobs to move
     * @param dryRun only looks
     */
    Uni<MovesReport> run(Optional<Backend> to, UUID after, int limit, boolean dryRun) {
        return Batches.of(
                        after,
                        last -> MoveStore.live(pool, last, BATCH),
                        (Blob blob) -> blob.ref().id())
                .onItem()
                .<Blob>disjoint()
                .select()
                .where(blob -> target(blob, to) != blob.backend())
                .select()
                .first(limit)
                .collect()
                .asList()
                .chain(found -> dryRun
                        ? Uni.createFrom().item(report(found, limit))
                        : moveAll(found, to, report(found, limit)));
    }

    private Backend target(Blob blob, Optional<Backend> to) {
        return to.orElseGet(
                () -> policy.backend(blob.content().mediaType(), blob.ref().size()));
    }

    private static MovesReport report(List<Blob> found, int limit) {
        return MovesReport.found(
                found.size(),
                found.stream().mapToLong(blob -> blob.ref().size()).sum(),
                found.size() < limit ? null : found.getLast().ref().id());
    }

    private Uni<MovesReport> moveAll(List<Blob> found, Optional<Backend> to, MovesReport report) {
        return Multi.createFrom()
                .iterable(found)
                .onItem()
                .transformToUni(blob -> move(blob, target(blob, to)))
                .merge(atOnce)
                .onItem()
                .scan(() -> report, MovesReport::plus)
                .collect()
                .last();
    }

    /** Empty when a store has failed: others may do better. */
    private Uni<Optional<MoveResult>> move(Blob blob, Backend to) {
        return mover.move(blob, to)
                .map(Optional::of)
                .onFailure(failure -> failure instanceof BlobException || failure instanceof UploadException)
                .recoverWithItem(failure -> {
                    LOG.warnf("Blob %s stays where it is: %s", blob.ref().id(), failure);
                    return Optional.empty();
                });
    }
}
