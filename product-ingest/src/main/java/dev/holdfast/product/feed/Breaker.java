package dev.holdfast.product.feed;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Notices when too many of the latest messages are set aside: then it is probably not the messages that are wrong.
 * Not thread-safe.
 */
final class Breaker {
    private final int window;
    private final double shareMax;
    private final Deque<Count> counts = new ArrayDeque<>();
    private int messages;
    private int quarantined;

    private record Count(int messages, int quarantined) {}

    /**
     * @param window how many of the latest messages are looked at; it does not open before as many have come
     * @param shareMax above which it opens, 0 to 1
     */
    Breaker(int window, double shareMax) {
        this.window = window;
        this.shareMax = shareMax;
    }

    /** What became of the next messages. */
    void record(int more, int moreQuarantined) {
        counts.addLast(new Count(more, moreQuarantined));
        messages += more;
        quarantined += moreQuarantined;
        while (messages - counts.getFirst().messages() >= window) {
            Count oldest = counts.removeFirst();
            messages -= oldest.messages();
            quarantined -= oldest.quarantined();
        }
    }

    boolean isOpen() {
        return messages >= window && quarantined > shareMax * messages;
    }

    void reset() {
        counts.clear();
        messages = 0;
        quarantined = 0;
    }

    /** For people. */
    String describe() {
        return "%d of the latest %d messages could not be applied".formatted(quarantined, messages);
    }
}
