package dev.holdfast.product.feed;

import java.util.Objects;

/**
 * The begin or the end of a full snapshot, in which a vendor lists everything it has.
 *
 * @param number the vendor's own; the highest counts
 * @param begins false for the end
 * @param items how many products the end says are listed; 0 in a begin
 * @param dryRun the begin asks for a report instead of deletions
 */
record SnapshotMark(String vendor, long number, boolean begins, long items, boolean dryRun) implements Parsed {
    /** @param message that keeps the rules */
    static SnapshotMark of(ProductMessage message) {
        return new SnapshotMark(
                Objects.requireNonNull(message.vendor()),
                Objects.requireNonNull(message.version()),
                MessageRules.beginsSnapshot(message),
                message.items() == null ? 0 : message.items(),
                Boolean.TRUE.equals(message.dryRun()));
    }
}
