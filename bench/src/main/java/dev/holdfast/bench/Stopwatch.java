package dev.holdfast.bench;

import java.util.OptionalDouble;

/** Measures from its making to {@link #stop}. */
public final class Stopwatch {
    private final long startNs = System.nanoTime();
    private final OptionalDouble cpuSecondsBefore = CpuTime.seconds();

    /** @param count how much work was done meanwhile */
    public Run stop(long count) {
        double seconds = (System.nanoTime() - startNs) / 1e9;
        OptionalDouble cpuSecondsAfter = CpuTime.seconds();
        OptionalDouble cpuSeconds = cpuSecondsBefore.isPresent() && cpuSecondsAfter.isPresent()
                ? OptionalDouble.of(cpuSecondsAfter.getAsDouble() - cpuSecondsBefore.getAsDouble())
                : OptionalDouble.empty();
        return new Run(count / seconds, cpuSeconds);
    }
}
