package dev.holdfast.media.scrub;

import dev.holdfast.media.Batches;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.move.MoveResult;
import dev.holdfast.media.move.Mover;
import dev.holdfast.media.scrub.ScrubStore.Former;
import dev.holdfast.media.scrub.ScrubStore.Known;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.UploadException;
import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.platform.lease.Lease;
import dev.holdfast.platform.lease.LeaseStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Reads what is stored, one blob after the other, repairs what it can, and records the rest. One instance at a time; two would do no
 * harm, but read all twice. It goes on where the last one stopped, for whatever reason.
 */
final class Scrubber {
    private static final Logger LOG = Logger.getLogger(Scrubber.class);
    private static final String LEASE = "media.scrub";
    private static final Duration LEASE_LASTS = Duration.ofMinutes(10);
    private static final int BATCH = 50;
    /** How often a blob may move while it is looked at. */
    private static final int LOOKS_MAX = 3;

    private final Pool pool;
    private final Blobs blobs;
    private final BlobStores stores;
    private final Mover mover;
    private final ScrubMetrics metrics;
    private final Clock clock;
    private final long bytesPerSecond;

    /** @param bytesPerSecond 0 for as fast as it goes */
    Scrubber(
            Pool pool,
            Blobs blobs,
            BlobStores stores,
            Mover mover,
            ScrubMetrics metrics,
            Clock clock,
            long bytesPerSecond) {
        this.pool = pool;
        this.blobs = blobs;
        this.stores = stores;
        this.mover = mover;
        this.metrics = metrics;
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * To the end of the round, or until so many blobs were looked at. Empty when another instance does so just now.
     *
     * @param holder who does, for people who look
     */
    Uni<Optional<ScrubReport>> run(String holder, int limit) {
        return LeaseStore.acquire(pool, LEASE, holder, LEASE_LASTS)
                .chain(granted -> granted.isEmpty()
                        ? Uni.createFrom().item(Optional.<ScrubReport>empty())
                        : run(granted.get(), limit)
                                .onTermination()
                                .call(() -> LeaseStore.release(pool, granted.get()))
                                .map(Optional::of));
    }

    private Uni<ScrubReport> run(Lease lease, int limit) {
        var answers = new StoreAnswers();
        var pace = new Pace(bytesPerSecond, clock);
        var left = new AtomicInteger(limit);
        return ScrubStore.position(pool)
                .onItem()
                .transformToMulti(position -> Batches.of(
                        position,
                        after -> ScrubStore.live(pool, after, Math.min(BATCH, left.get()))
                                .invoke(batch -> left.addAndGet(-batch.size())),
                        (Known known) -> known.blob().ref().id()))
                .onItem()
                .transformToUniAndConcatenate(batch -> check(batch, answers, pace)
                        .invoke(metrics::record)
                        .call(() -> keep(lease, batch.getLast().blob().ref().id())))
                .collect()
                .with(ScrubReport.SUM)
                .chain(report -> left.get() == 0
                        ? Uni.createFrom().item(report)
                        : keep(lease, Batches.FIRST)
                                .invoke(() -> metrics.finished(clock.instant()))
                                .replaceWith(report.plus(ScrubReport.FINISHED)))
                .call(() -> ScrubStore.count(pool).invoke(metrics::damages));
    }

    private Uni<Void> keep(Lease lease, UUID position) {
        return LeaseStore.renew(pool, lease, LEASE_LASTS)
                .invoke(held -> {
                    if (!held) {
                        throw new FencedOffException(LEASE, lease.epoch());
                    }
                })
                .chain(() -> ScrubStore.advance(pool, position));
    }

    private Uni<ScrubReport> check(List<Known> batch, StoreAnswers answers, Pace pace) {
        return Multi.createFrom()
                .iterable(batch)
                .onItem()
                .transformToUniAndConcatenate(known -> check(known, answers, LOOKS_MAX)
                        .call(() -> pause(pace.pauseAfter(known.blob().ref().size()))))
                .collect()
                .with(ScrubReport.SUM);
    }

    private static Uni<Void> pause(Duration pause) {
        return pause.isZero()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().voidItem().onItem().delayIt().by(pause);
    }

    private Uni<ScrubReport> check(Known known, StoreAnswers answers, int looks) {
        Backend backend = known.blob().backend();
        if (answers.isSilent(backend)) {
            return Uni.createFrom().item(ScrubReport.UNREAD);
        }
        return Uni.createFrom()
                .deferred(() -> stores.of(backend).verify(known.blob().ref()))
                .invoke(found -> answers.answered(backend))
                .map(Optional::of)
                .onFailure(Scrubber::isOfStore)
                .recoverWithItem(failure -> {
                    LOG.warnf("Blob %s cannot be read: %s", known.blob().ref().id(), failure);
                    answers.failed(backend);
                    return Optional.empty();
                })
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(ScrubReport.UNREAD)
                        : found.get() == Integrity.INTACT
                                ? intact(known)
                                : lookAgain(known, found.get(), answers, looks));
    }

    private static boolean isOfStore(Throwable failure) {
        return failure instanceof BlobException
                || failure instanceof UploadException
                || failure instanceof OverloadedException;
    }

    private Uni<ScrubReport> intact(Known known) {
        var report = ScrubReport.ofIntact(known.blob().ref().size(), known.damaged());
        return known.damaged()
                ? ScrubStore.clear(pool, known.blob().ref()).replaceWith(report)
                : Uni.createFrom().item(report);
    }

    /** It may have moved or gone since its row was read. */
    private Uni<ScrubReport> lookAgain(Known known, Integrity found, StoreAnswers answers, int looks) {
        BlobRef ref = known.blob().ref();
        return blobs.live(ref.id()).chain(now -> {
            if (now.isEmpty() || looks == 0) {
                return Uni.createFrom().item(ScrubReport.NOTHING);
            }
            return now.get().ref().equals(ref)
                    ? repair(known.blob(), found)
                    : check(new Known(now.get(), known.damaged()), answers, looks - 1);
        });
    }

    private Uni<ScrubReport> repair(Blob blob, Integrity found) {
        return ScrubStore.former(pool, blob.ref())
                .chain(former -> former.map(copy -> repairFrom(blob, copy))
                        .orElseGet(() -> Uni.createFrom().item(false)))
                .chain(repaired -> repaired
                        ? ScrubStore.clear(pool, blob.ref()).replaceWith(ScrubReport.REPAIRED)
                        : record(blob, found));
    }

    /** False when that copy is gone or damaged, too, which is what one expects of it. */
    private Uni<Boolean> repairFrom(Blob blob, Former former) {
        return mover.repair(blob, former.ref(), former.backend())
                .map(MoveResult.Moved.class::isInstance)
                .onFailure(Scrubber::isOfStore)
                .recoverWithItem(failure -> {
                    LOG.warnf("Blob %s cannot be repaired: %s", blob.ref().id(), failure);
                    return false;
                });
    }

    private Uni<ScrubReport> record(Blob blob, Integrity found) {
        LOG.errorf("%s is %s in %s", blob.ref(), found, blob.backend());
        return ScrubStore.record(pool, blob.ref(), found, clock.instant()).replaceWith(ScrubReport.ofDamaged(found));
    }
}
