package dev.holdfast.platform.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Retries for tests. */
public final class Retries {
    private Retries() {}

    record Config(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    public static TransactionRetry standard() {
        return of(20, new SimpleMeterRegistry());
    }

    static TransactionRetry of(int maxAttempts, MeterRegistry meters) {
        return new TransactionRetry(
                new Config(maxAttempts, Duration.ofMillis(5), Duration.ofMillis(200)),
                RandomGenerator.getDefault(),
                meters);
    }
}
