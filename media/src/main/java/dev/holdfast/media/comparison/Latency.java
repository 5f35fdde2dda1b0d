package dev.holdfast.media.comparison;

import java.util.List;

/** How long something took: half of the time, and 95 times of a hundred, no longer than this. */
public record Latency(long medianMicros, long p95Micros) {
    private static final int MEDIAN = 50;
    private static final int P95 = 95;
    private static final int HUNDRED = 100;

    /** By nearest rank, so both were measured. */
    static Latency of(List<Long> micros) {
        List<Long> sorted = micros.stream().sorted().toList();
        return new Latency(rank(sorted, MEDIAN), rank(sorted, P95));
    }

    private static long rank(List<Long> sorted, int percent) {
        return sorted.get(Math.ceilDiv(sorted.size() * percent, HUNDRED) - 1);
    }
}
