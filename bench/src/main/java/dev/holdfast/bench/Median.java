package dev.holdfast.bench;

import java.util.Collection;
import java.util.List;

/** The value in the middle: one run that something else disturbed does not move it. */
public final class Median {
    private Median() {}

    /** In milliseconds. */
    public static double ofNanos(Collection<Long> nanos) {
        return of(nanos.stream().map(one -> one / 1e6).toList());
    }

    /** Of an even number of values, the mean of the two in the middle. */
    public static double of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("There is no median of nothing");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
