package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RaceGateTest {
    @Test
    void opensForAllWorkersAtOnce() throws Exception {
        // Given a task that only all of them together can finish
        var together = new CyclicBarrier(20);

        // When
        RaceGate<Boolean> race = RaceGate.race(20, worker -> () -> together.await(10, TimeUnit.SECONDS) >= 0);

        // Then
        race.assertWinners(20, all -> all);
    }

    @Test
    void countsWinnersExactly() throws Exception {
        var taken = new AtomicBoolean();
        RaceGate<Boolean> race = RaceGate.race(50, worker -> () -> taken.compareAndSet(false, true));

        race.assertWinners(1, won -> won);
        assertThatThrownBy(() -> race.assertWinners(2, won -> won)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aWorkerThatThrowsIsNoWinnerAndNoSecret() throws Exception {
        RaceGate<Integer> race = RaceGate.race(3, worker -> () -> 1 / worker);

        assertThat(race.failures()).hasSize(1).first().isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> race.assertWinners(2, result -> true)).isInstanceOf(AssertionError.class);
    }
}
