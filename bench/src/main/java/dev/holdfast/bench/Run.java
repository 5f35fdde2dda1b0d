package dev.holdfast.bench;

import java.util.OptionalDouble;

/**
 * One figure of one run of one side.
 *
 * @param value in the subject's unit: a rate, where more is better, or a duration, where less is
 * @param cpuSeconds of all processes that took part: services, servers and this one; absent where they cannot be read
 * @param units how much work took them: messages, rows, events
 */
public record Run(double value, OptionalDouble cpuSeconds, long units) {
    private static final double MILLION = 1e6;

    /** What makes runs of different sizes comparable. */
    public OptionalDouble cpuSecondsPerMillion() {
        return cpuSeconds.isPresent()
                ? OptionalDouble.of(cpuSeconds.getAsDouble() * MILLION / units)
                : OptionalDouble.empty();
    }

    /** The same work with another figure made of it. */
    public Run withValue(double newValue) {
        return new Run(newValue, cpuSeconds, units);
    }
}
