package dev.holdfast.bench;

import java.util.OptionalDouble;

/** Measures from its making to {@link #stop}. */
public final class Stopwatch {
    private final long startNs = System.nanoTime();
    private final OptionalDouble cpuSecondsBefore = CpuTime.seconds();

    /**
     * The rate per second.
     *
     * @param count how much work was done meanwhile
     */
    public Run stop(long count) {
        double seconds = (System.nanoTime() - startNs) / 1e9;
        return new Run(count / seconds, cpuSeconds(), count);
    }

    /**
     * The time in milliseconds.
     *
     * @param count how much work was done meanwhile
     */
    public Run stopMs(long count) {
        double ms = (System.nanoTime() - startNs) / 1e6;
        return new Run(ms, cpuSeconds(), count);
    }

    private OptionalDouble cpuSeconds() {
        OptionalDouble cpuSecondsAfter = CpuTime.seconds();
        return cpuSecondsBefore.isPresent() && cpuSecondsAfter.isPresent()
                ? OptionalDouble.of(cpuSecondsAfter.getAsDouble() - cpuSecondsBefore.getAsDouble())
                : OptionalDouble.empty();
    }
}
