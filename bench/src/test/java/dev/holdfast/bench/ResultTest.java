package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final Subject WITH_GOAL = new Subject("db-one", "rows/s", "a peer", new Goal(2));
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
                .isEqualTo(new Result("db-one", 20, "rows/s", "a peer", 9, 2.22, "ratio >= 2.0", true, 3, 2.0));
    }

    @Test
    void saysWhenTheGoalIsMissed() {
        assertThat(Result.of(WITH_GOAL, List.of(run(19.9, 1)), List.of(run(10, 1)))
                        .met())
                .isFalse();
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
        var unread = new Run(1, OptionalDouble.empty());

        // When
        Result result = Result.of(WITHOUT_GOAL, List.of(unread), List.of(unread));

        // Then
        assertThat(result.cpuSeconds()).isNull();
    }

    private static Run run(double rate, double cpuSeconds) {
        return new Run(rate, OptionalDouble.of(cpuSeconds));
    }
}
