package dev.holdfast.media.scrub;

import dev.holdfast.media.store.Integrity;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * What a scrub has found.
 *
 * @param intact blobs
 * @param bytes of all that were read to the end
 * @param missing blobs whose bytes are not there, and could not be repaired
 * @param corrupt blobs whose bytes are others, and could not be repaired
 * @param repaired from another copy
 * @param cleared were damaged when they were last looked at, and are not any more
 * @param unread because their store did not answer
 * @param finished whether this was the end of a round
 */
record ScrubReport(
        long intact,
        long bytes,
        long missing,
        long corrupt,
        long repaired,
        long cleared,
        long unread,
        boolean finished) {
    static final ScrubReport NOTHING = new ScrubReport(0, 0, 0, 0, 0, 0, 0, false);
    static final ScrubReport REPAIRED = new ScrubReport(0, 0, 0, 0, 1, 0, 0, false);
    static final ScrubReport UNREAD = new ScrubReport(0, 0, 0, 0, 0, 0, 1, false);
    static final ScrubReport FINISHED = new ScrubReport(0, 0, 0, 0, 0, 0, 0, true);
    static final Collector<ScrubReport, ?, ScrubReport> SUM = Collectors.reducing(NOTHING, ScrubReport::plus);

    static ScrubReport ofIntact(long bytes, boolean cleared) {
        return new ScrubReport(1, bytes, 0, 0, 0, cleared ? 1 : 0, 0, false);
    }

    static ScrubReport ofDamaged(Integrity found) {
        return found == Integrity.MISSING
                ? new ScrubReport(0, 0, 1, 0, 0, 0, 0, false)
                : new ScrubReport(0, 0, 0, 1, 0, 0, 0, false);
    }

    ScrubReport plus(ScrubReport other) {
        return new ScrubReport(
                intact + other.intact,
                bytes + other.bytes,
                missing + other.missing,
                corrupt + other.corrupt,
                repaired + other.repaired,
                cleared + other.cleared,
                unread + other.unread,
                finished || other.finished);
    }
}
