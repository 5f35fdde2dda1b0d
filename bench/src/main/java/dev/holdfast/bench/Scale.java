package dev.holdfast.bench;

/**
 * How large the runs are. {@code BENCH_SCALE=0.1} in the environment makes them smaller, to see that everything works;
 * figures of such runs mean nothing and are kept apart.
 */
public final class Scale {
    private static final double FACTOR = Double.parseDouble(System.getenv().getOrDefault("BENCH_SCALE", "1"));

    private Scale() {}

    /** As many as there shall be in place of this many; at least 1. */
    public static int of(int count) {
        return (int) Math.max(1, Math.round(count * FACTOR));
    }

    static boolean isFull() {
        return FACTOR == 1;
    }
}
