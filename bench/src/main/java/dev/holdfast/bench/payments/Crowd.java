package dev.holdfast.bench.payments;

import java.util.Arrays;
import java.util.Random;

/** Who pays whom. */
final class Crowd {
    /** Share of the accounts up to each; picked by a number between 0 and 1. */
    private final double[] cumulative;

    private Crowd(double[] cumulative) {
        this.cumulative = cumulative;
    }

    /** Everyone as often. */
    static Crowd uniform(int accounts) {
        return ofWeights(accounts, 0);
    }

    /** The n-th account in proportion to 1/n. */
    static Crowd zipf(int accounts) {
        return ofWeights(accounts, 1);
    }

    private static Crowd ofWeights(int accounts, double exponent) {
        var cumulative = new double[accounts];
        double sum = 0;
        for (int i = 0; i < accounts; i++) {
            sum += 1 / Math.pow(i + 1, exponent);
            cumulative[i] = sum;
        }
        for (int i = 0; i < accounts; i++) {
            cumulative[i] /= sum;
        }
        return new Crowd(cumulative);
    }

    /** Payer and payee, two different ones of 1 to n. */
    long[] pick(Random random) {
        int payer = one(random);
        int payee = one(random);
        while (payee == payer) {
            payee = one(random);
        }
        return new long[] {payer, payee};
    }

    private int one(Random random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1) + 1;
    }
}
