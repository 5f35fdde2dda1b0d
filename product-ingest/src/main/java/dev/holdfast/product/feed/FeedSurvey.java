package dev.holdfast.product.feed;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the books said at a moment.
 *
 * @param waiting messages by what they wait for
 * @param openQuarantine messages that nobody has settled
 * @param heldSnapshots snapshots that an operator has to decide about
 */
record FeedSurvey(Instant at, List<Line> lines, Map<String, Long> waiting, long openQuarantine, long heldSnapshots) {
    /**
     * A partition's line. Each difference is 0 while its law holds.
     *
     * @param withoutOutcome messages received, less those with an outcome
     * @param unmetOffsets offsets passed, less those that had a message or were skipped
     * @param notWaiting messages counted as waiting, less those that do wait
     */
    record Line(
            String partition,
            long withoutOutcome,
            long unmetOffsets,
            long notWaiting,
            @Nullable String pausedReason) {
        boolean isBroken() {
            return withoutOutcome != 0 || unmetOffsets != 0 || notWaiting != 0;
        }

        long unaccounted() {
            return Math.abs(withoutOutcome) + Math.abs(unmetOffsets) + Math.abs(notWaiting);
        }
    }

    long unaccounted() {
        return lines.stream().mapToLong(Line::unaccounted).sum();
    }

    long paused() {
        return lines.stream().filter(line -> line.pausedReason() != null).count();
    }
}
