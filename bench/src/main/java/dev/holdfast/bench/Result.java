package dev.holdfast.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A figure as it is kept.
 *
 * @param value median of the product's runs; with the unit {@code ms}, less is better
 * @param peerValue median of the peer's runs
 * @param ratio {@code value / peerValue}
 * @param met null when there is no goal
 * @param runs counted runs of each side
 * @param cpuSeconds median of what a run of the product took, all processes together; null where it cannot be read
 * @param cpuSecondsPerMillion the same per million messages, rows or events; null where it cannot be read
 * @param peerCpuSecondsPerMillion likewise of the peer
 */
record Result(
        String name,
        double value,
        String unit,
        String peer,
        double peerValue,
        double ratio,
        @Nullable String goal,
        @Nullable Boolean met,
        int runs,
        @Nullable Double cpuSeconds,
        @Nullable Double cpuSecondsPerMillion,
        @Nullable Double peerCpuSecondsPerMillion) {
    /** Values below it are given to a hundredth. */
    private static final double WHOLE_FROM = 1_000;

    static Result of(Subject subject, List<Run> product, List<Run> peer) {
        double value = Median.of(product.stream().map(Run::value).toList());
        double peerValue = Median.of(peer.stream().map(Run::value).toList());
        double ratio = value / peerValue;
        Goal goal = subject.goal();
        return new Result(
                subject.name(),
                rounded(value),
                subject.unit(),
                subject.peer(),
                rounded(peerValue),
                rounded(ratio, 100),
                goal == null ? null : goal.toString(),
                goal == null ? null : goal.isMetBy(value, ratio),
                product.size(),
                median(product, Run::cpuSeconds),
                median(product, Run::cpuSecondsPerMillion),
                median(peer, Run::cpuSecondsPerMillion));
    }

    private static @Nullable Double median(List<Run> runs, Function<Run, OptionalDouble> cpuTime) {
        List<OptionalDouble> read = runs.stream().map(cpuTime).toList();
        return read.stream().allMatch(OptionalDouble::isPresent)
                ? rounded(
                        Median.of(read.stream().map(OptionalDouble::getAsDouble).toList()), 10)
                : null;
    }

    private static double rounded(double value) {
        return rounded(value, value < WHOLE_FROM ? 100 : 1);
    }

    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }
}
