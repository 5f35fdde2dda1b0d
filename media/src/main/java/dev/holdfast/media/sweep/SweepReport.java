package dev.holdfast.media.sweep;

import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.media.sweep.SweepStore.Unused;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * What a sweep has found, and deleted unless it was a dry run or held.
 *
 * @param expired intents
 * @param unused blobs that nobody refers to
 * @param staged uploads without an intent
 * @param stored copies of bytes that have neither intent nor blob
 * @param bytes of the unused and the stored ones
 * @param held somebody makes a backup, so no bytes were deleted from then on
 * @param failed the stores that could not be listed, or not be deleted from; what is in them is left to the next sweep
 */
public record SweepReport(
        long expired, long unused, long staged, long stored, long bytes, boolean held, Set<String> failed) {
    static final SweepReport NOTHING = new SweepReport(0, 0, 0, 0, 0, false);
    static final SweepReport HELD = new SweepReport(0, 0, 0, 0, 0, true);
    static final Collector<SweepReport, ?, SweepReport> SUM = Collectors.reducing(NOTHING, SweepReport::plus);

    public SweepReport {
        failed = Set.copyOf(failed);
    }

    /** In which nothing has failed. */
    public SweepReport(long expired, long unused, long staged, long stored, long bytes, boolean held) {
        this(expired, unused, staged, stored, bytes, held, Set.of());
    }

    static SweepReport ofExpired(long intents) {
        return new SweepReport(intents, 0, 0, 0, 0, false);
    }

    static SweepReport ofUnused(List<Unused> blobs) {
        return new SweepReport(
                0, blobs.size(), 0, 0, blobs.stream().mapToLong(Unused::size).sum(), false);
    }

    static SweepReport ofStaged(long uploads) {
        return new SweepReport(0, 0, uploads, 0, 0, false);
    }

    static SweepReport ofStored(List<StoredBlob> orphans) {
        return new SweepReport(
                0,
                0,
                0,
                orphans.size(),
                orphans.stream().mapToLong(StoredBlob::size).sum(),
                false);
    }

    static SweepReport ofFailed(String store) {
        return new SweepReport(0, 0, 0, 0, 0, false, Set.of(store));
    }

    SweepReport plus(SweepReport other) {
        var bothFailed = new TreeSet<>(failed);
        bothFailed.addAll(other.failed);
        return new SweepReport(
                expired + other.expired,
                unused + other.unused,
                staged + other.staged,
                stored + other.stored,
                bytes + other.bytes,
                held || other.held,
                bothFailed);
    }
}
