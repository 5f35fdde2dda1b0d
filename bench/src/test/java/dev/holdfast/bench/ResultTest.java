package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final Subject WITH_GOAL = new Subject("db-one", "rows/s", "a peer", new Goal.RatioAtLeast(2));
    private static final Subject WITHOUT_GOAL = new Subject("db-two", "rows/s", "a peer", null);

    @Test
    void dividesTheMedianOfTheProductByTheMedianOfThePeer() {
        // Given
        List<Run> product = List.of(run(30, 1), run(10, 2), run(20, 9));
        List<Run> peer = List.of(run(10, 1), run(8, 1), run(9, 1));

        // When
        Result result = Result.of(WITH_GOAL, product, peer);

        // Then
        assertThat(result)
                .isEqualTo(new Result(
                        "db-one", 20, "rows/s", "a peer", 9, 2.22, "ratio >= 2.0", true, 3, 2.0, 20.0, 10.0));
    }

    @Test
    void saysWhenTheGoalIsMissed() {
        assertThat(Result.of(WITH_GOAL, List.of(run(19.9, 1)), List.of(run(10, 1)))
                        .met())
                .isFalse();
    }

    @Test
    void holdsADurationToItsLimitWhateverThePeerTook() {
        // Given
        var subject = new Subject("db-three", "ms", "a peer", new Goal.ValueBelow(50));

        // When
        Result met = Result.of(subject, List.of(run(49.99, 1)), List.of(run(1, 1)));
        Result missed = Result.of(subject, List.of(run(50, 1)), List.of(run(1_000, 1)));

        // Then
        assertThat(met)
                .extracting(Result::value, Result::goal, Result::met)
                .containsExactly(49.99, "value < 50.0", true);
        assertThat(missed.met()).isFalse();
    }

    @Test
    void knowsNoSuccessWithoutAGoal() {
        assertThat(Result.of(WITHOUT_GOAL, List.of(run(1, 1)), List.of(run(10, 1))))
                .extracting(Result::goal, Result::met)
                .containsExactly(null, null);
    }

    @Test
    void leavesOutTheCpuTimeThatCouldNotBeRead() {
        // Given
        var unread = new Run(1, OptionalDouble.empty(), 1);

        // When
        Result result = Result.of(WITHOUT_GOAL, List.of(unread), List.of(unread));

        // Then
        assertThat(result)
                .extracting(Result::cpuSeconds, Result::cpuSecondsPerMillion, Result::peerCpuSecondsPerMillion)
                .containsOnlyNulls();
    }

    private static Run run(double value, double cpuSeconds) {
        return new Run(value, OptionalDouble.of(cpuSeconds), 100_000);
    }
}
