package dev.holdfast.bench.audit;

import java.util.Arrays;
import java.util.Random;

/** Numbers from 1 to n, the k-th most frequent in proportion to 1/k; which ones are frequent follows no order. */
final class Zipf {
    private static final int PRIME = 7_919;

    /** The sum of the weights up to each rank. */
    private final double[] cumulative;

    Zipf(int n) {
        cumulative = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
    }

    int pick(Random random) {
        int n = cumulative.length;
        int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[n - 1]);
        long rank = Math.min(found < 0 ? -found - 1 : found, n - 1);
        return (int) (rank * PRIME % n) + 1;
    }
}
