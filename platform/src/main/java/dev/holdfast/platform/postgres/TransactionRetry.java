package dev.holdfast.platform.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a whole transaction again when it lost to a rival.
 *
 * <p>Only {@link FailureClass#RETRY} is tried again: those failures mean that PostgreSQL rolled everything back, so a
 * second run starts from nothing. What runs inside must therefore have no effect outside the database. Delays use
 * full jitter (Brooker, "Exponential Backoff And Jitter", 2015): uniform between zero and a bound that doubles, so
 * that rivals which collided once do not collide in step for ever. The last failure carries the earlier ones as
 * suppressed.
 */
public final class TransactionRetry {
    private final RetryConfig config;
    private final RandomGenerator random;
    private final Counter retries;
    private final Counter exhausted;

    public TransactionRetry(RetryConfig config, RandomGenerator random, MeterRegistry meters) {
        this.config = config;
        this.random = random;
        this.retries = Counter.builder("holdfast.transaction.retries")
                .description("Transactions run again after a deadlock, serialization failure or lock timeout")
                .register(meters);
        this.exhausted = Counter.builder("holdfast.transaction.retries.exhausted")
                .description("Transactions given up after the last attempt")
                .register(meters);
    }

    /** @param transaction starts a new transaction each time it is called */
    public <T> Uni<T> execute(Supplier<Uni<T>> transaction) {
        return attempt(transaction, 1, null);
    }

    private <T> Uni<T> attempt(Supplier<Uni<T>> transaction, int number, @Nullable Throwable earlier) {
        return Uni.createFrom().deferred(transaction::get).onFailure().recoverWithUni(failure -> {
            if (earlier != null && !earlier.equals(failure)) {
                failure.addSuppressed(earlier);
            }
            if (FailureClass.of(failure) != FailureClass.RETRY) {
                return Uni.createFrom().failure(failure);
            }
            if (number >= config.maxAttempts()) {
                exhausted.increment();
                return Uni.createFrom().failure(failure);
            }
            retries.increment();
            return Uni.createFrom()
                    .voidItem()
                    .onItem()
                    .delayIt()
                    .by(delayAfter(number))
                    .chain(() -> attempt(transaction, number + 1, failure));
        });
    }

    Duration delayAfter(int attempt) {
        long doubled = config.delayMin().toNanos() << Math.min(attempt - 1, 20);
        long bound = Math.min(config.delayMax().toNanos(), doubled);
        return Duration.ofNanos(1 + random.nextLong(bound));
    }
}
