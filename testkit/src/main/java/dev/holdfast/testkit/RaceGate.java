package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.assertj.core.api.Assertions;

/**
 * Lets N workers loose at the same instant and waits for all of them. Each worker stands at the gate before it opens,
 * so that the race is for what is tested and not for a thread.
 *
 * @param results of the workers that returned, in no order
 * @param failures of those that threw
 */
public record RaceGate<T>(List<T> results, List<Throwable> failures) {
    private static final long TIMEOUT_SECONDS = 120;

    /**
     * @param worker makes the task of worker 0, 1, ... before the gate opens, so that preparing is not part of the race
     * @throws AssertionError when a worker is not done after two minutes
     */
    public static <T> RaceGate<T> race(int workers, IntFunction<Callable<T>> worker) throws InterruptedException {
        var ready = new CountDownLatch(workers);
        var gate = new CountDownLatch(1);
        var running = new ArrayList<Future<T>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < workers; number++) {
                Callable<T> task = worker.apply(number);
                running.add(executor.submit(() -> {
                    ready.countDown();
                    gate.await();
                    return task.call();
                }));
            }
            ready.await();
            gate.countDown();
            return collect(running);
        }
    }

    private static <T> RaceGate<T> collect(List<Future<T>> running) throws InterruptedException {
        var results = new ArrayList<T>();
        var failures = new ArrayList<Throwable>();
        for (Future<T> one : running) {
            try {
                results.add(one.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException failed) {
                failures.add(failed.getCause());
            } catch (TimeoutException stuck) {
                running.forEach(other -> other.cancel(true));
                throw new AssertionError("A worker is still not done after %d s".formatted(TIMEOUT_SECONDS), stuck);
            }
        }
        return new RaceGate<>(results, failures);
    }

    /** Exactly this many results are wins, and nobody failed. */
    public void assertWinners(int expected, Predicate<T> isWin) {
        Assertions.assertThat(failures).as("failures").isEmpty();
        Assertions.assertThat(results.stream().filter(isWin).count())
                .as("winners")
                .isEqualTo(expected);
    }
}
