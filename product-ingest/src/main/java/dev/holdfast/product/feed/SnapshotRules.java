package dev.holdfast.product.feed;

import java.util.Locale;
import java.util.Optional;

/** What happens with a snapshot that is complete. */
final class SnapshotRules {
    private SnapshotRules() {}

    /** What there is to decide by. */
    record Complete(boolean dryRun, long items, long listed, long live, long missing) {}

    /** @param heldReason why a person has to look at it first */
    record Decision(SnapshotStatus status, Optional<String> heldReason) {}

    /** @param shareMax of the live products that may be deleted without asking, 0 to 1 */
    static Decision decide(Complete snapshot, double shareMax) {
        if (snapshot.dryRun()) {
            return new Decision(SnapshotStatus.REPORTED, Optional.empty());
        }
        if (snapshot.listed() > snapshot.items()) {
            return held(
                    "%d products are listed, although its end says %d".formatted(snapshot.listed(), snapshot.items()));
        }
        if (snapshot.missing() > shareMax * snapshot.live()) {
            return held(String.format(
                    Locale.ROOT,
                    "%d of %d live products are not listed, and more than %.1f %% are not deleted without asking",
                    snapshot.missing(),
                    snapshot.live(),
                    100 * shareMax));
        }
        return new Decision(SnapshotStatus.APPLYING, Optional.empty());
    }

    private static Decision held(String reason) {
        return new Decision(SnapshotStatus.HELD, Optional.of(reason));
    }
}
