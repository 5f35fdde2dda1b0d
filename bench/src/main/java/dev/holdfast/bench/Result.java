package dev.holdfast.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A figure as it is kept.
 *
 * @param value median of the product's rates
 * @param peerValue median of the peer's rates
 * @param ratio {@code value / peerValue}; both are rates, so more is better
 * @param met null when there is no goal
 * @param runs counted runs of each side
 * @param cpuSeconds median of what a run of the product took, all processes together; null where it cannot be read
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
        @Nullable Double cpuSeconds) {

    static Result of(Subject subject, List<Run> product, List<Run> peer) {
        double value = Median.of(product.stream().map(Run::rate).toList());
        double peerValue = Median.of(peer.stream().map(Run::rate).toList());
        double ratio = value / peerValue;
        Goal goal = subject.goal();
        return new Result(
                subject.name(),
                rounded(value, 1),
                subject.unit(),
                subject.peer(),
                rounded(peerValue, 1),
                rounded(ratio, 100),
                goal == null ? null : goal.toString(),
                goal == null ? null : goal.isMetBy(ratio),
                product.size(),
                cpuSeconds(product));
    }

    private static @Nullable Double cpuSeconds(List<Run> runs) {
        return runs.stream().allMatch(run -> run.cpuSeconds().isPresent())
                ? rounded(
                        Median.of(runs.stream()
                                .map(run -> run.cpuSeconds().getAsDouble())
                                .toList()),
                        10)
                : null;
    }

    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }
}
