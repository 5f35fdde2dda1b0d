package dev.holdfast.product.feed;

import java.time.Duration;

/**
 * How many messages go into the next transaction: enough that a commit pays, few enough that it holds its row locks
 * for a moment only. Grows by a quarter while transactions are quicker than they may be, and shrinks in proportion when
 * they are slower. Not thread-safe.
 */
final class BatchSizer {
    private final int min;
    private final int max;
    private final Duration quickest;
    private final Duration slowest;
    private int size;

    /**
     * @param min messages
     * @param max messages
     * @param quickest below it a full batch grows
     * @param slowest above it a batch shrinks
     */
    BatchSizer(int min, int max, Duration quickest, Duration slowest) {
        this.min = min;
        this.max = max;
        this.quickest = quickest;
        this.slowest = slowest;
        this.size = max;
    }

    int size() {
        return size;
    }

    /** @param messages in the transaction that took this long; one that was not full tells nothing about a full one */
    void record(int messages, Duration duration) {
        if (duration.compareTo(slowest) > 0) {
            long allowed = messages * slowest.toNanos() / duration.toNanos();
            size = Math.clamp(allowed, min, size);
        } else if (messages >= size && duration.compareTo(quickest) < 0) {
            size = Math.clamp(size + Math.max(1, size / 4), min, max);
        }
    }
}
