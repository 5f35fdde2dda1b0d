package dev.holdfast.product.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fairness between vendors. While a partition is far behind, a vendor whose messages fill it lets those of others pass:
 * its messages wait in the database, which costs a fraction of applying them, and go on once their time has come. That
 * is allowed because the feed does not depend on the order. Not thread-safe.
 */
final class Crowd {
    private final int window;
    private final double shareMax;
    private final Deque<Map<String, Integer>> batches = new ArrayDeque<>();
    private final Map<String, Integer> messages = new HashMap<>();
    private int total;

    /**
     * @param window how many of the latest messages are looked at
     * @param shareMax of them that one vendor may have while others have any, 0 to 1
     */
    Crowd(int window, double shareMax) {
        this.window = window;
        this.shareMax = shareMax;
    }

    /** Looks at a batch; if the partition is far behind, names those who fill it. */
    FeedBatch crowd(FeedBatch batch, boolean farBehind) {
        Map<String, Integer> vendors = batch.vendors();
        record(vendors);
        if (!farBehind || messages.size() < 2) {
            return batch;
        }
        Set<String> crowding = vendors.keySet().stream()
                .filter(vendor -> messages.getOrDefault(vendor, 0) > shareMax * total)
                .collect(Collectors.toSet());
        return crowding.isEmpty() ? batch : batch.crowdedBy(crowding);
    }

    private void record(Map<String, Integer> vendors) {
        batches.addLast(vendors);
        vendors.forEach((vendor, count) -> messages.merge(vendor, count, Integer::sum));
        total += sum(vendors);
        while (batches.size() > 1 && total - sum(batches.getFirst()) >= window) {
            Map<String, Integer> oldest = batches.removeFirst();
            oldest.forEach((vendor, count) ->
                    messages.computeIfPresent(vendor, (name, had) -> had.equals(count) ? null : had - count));
            total -= sum(oldest);
        }
    }

    private static int sum(Map<String, Integer> vendors) {
        return vendors.values().stream().mapToInt(Integer::intValue).sum();
    }
}
