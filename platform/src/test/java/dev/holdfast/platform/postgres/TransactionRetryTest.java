package dev.holdfast.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class TransactionRetryTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void triesAgainUntilTheTransactionWins() {
        // Given
        var attempts = new AtomicInteger();

        // When
        int result = await(Retries.of(5, meters)
                .execute(() -> attempts.incrementAndGet() < 3
                        ? Uni.createFrom().failure(new SQLException("deadlock", "40P01"))
                        : Uni.createFrom().item(42)));

        // Then
        assertThat(result).isEqualTo(42);
        assertThat(attempts).hasValue(3);
        assertThat(counted("holdfast.transaction.retries")).isEqualTo(2);
    }

    @Test
    void givesUpAfterTheLastAttemptAndNamesTheEarlierFailures() {
        // Given
        var attempts = new AtomicInteger();

        // When / Then
        assertThatThrownBy(() -> await(Retries.of(3, meters)
                        .execute(() -> Uni.createFrom()
                                .failure(new SQLException("attempt " + attempts.incrementAndGet(), "40001")))))
                .hasRootCauseMessage("attempt 3")
                .satisfies(failure -> assertThat(failure.getCause().getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("attempt 2"));
        assertThat(counted("holdfast.transaction.retries.exhausted")).isEqualTo(1);
    }

    @Test
    void leavesEveryOtherFailureAlone() {
        // Given
        var attempts = new AtomicInteger();

        // When / Then
        assertThatThrownBy(() -> await(Retries.of(3, meters).execute(() -> {
                    attempts.incrementAndGet();
                    return Uni.createFrom().failure(new SQLException("taken", "23505"));
                })))
                .hasRootCauseMessage("taken");
        assertThat(attempts).hasValue(1);
    }

    @Test
    void spreadsDelaysOverTheWholeRangeUpToABoundThatDoubles() {
        // Given
        TransactionRetry retry = Retries.of(5, meters);

        // When
        var thirdDelays = IntStream.range(0, 2_000)
                .mapToObj(i -> retry.delayAfter(3))
                .sorted()
                .toList();
        var lateDelays = IntStream.range(0, 2_000)
                .mapToObj(i -> retry.delayAfter(40))
                .sorted()
                .toList();

        // Then
        assertThat(thirdDelays.getFirst()).isPositive().isLessThan(Duration.ofMillis(1));
        assertThat(thirdDelays.getLast()).isBetween(Duration.ofMillis(19), Duration.ofMillis(20));
        assertThat(lateDelays.getLast()).isBetween(Duration.ofMillis(190), Duration.ofMillis(200));
    }

    @Test
    void transactionsThatLockInOppositeOrderAllCommit(TestSchema schema) throws Exception {
        // Given
        schema.execute("""
                CREATE TABLE tally (id int PRIMARY KEY, n int NOT NULL);
                INSERT INTO tally VALUES (1, 0), (2, 0);
                GRANT SELECT, UPDATE ON tally TO todo_app;
                """);
        schema.executeAsAdmin("ALTER ROLE todo_app SET deadlock_timeout = '20ms'");
        Pool pool = schema.openPool(8);
        var transactions = new Transactions(pool, Retries.of(50, meters));

        // When
        RaceGate<Integer> race = RaceGate.race(8, worker -> () -> {
            int first = 1 + worker % 2;
            for (int i = 0; i < 10; i++) {
                await(transactions.inTransaction(tx -> bump(tx, first).chain(() -> bump(tx, 3 - first))));
            }
            return worker;
        });

        // Then
        race.assertWinners(8, worker -> true);
        assertThat(counted("holdfast.transaction.retries")).as("deadlocks met").isPositive();
        assertThat(await(pool.query("SELECT sum(n) FROM tally").execute())
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(8 * 10 * 2);
        pool.closeAndForget();
    }

    private static Uni<Void> bump(SqlConnection connection, int id) {
        return connection
                .preparedQuery("UPDATE tally SET n = n + 1 WHERE id = $1")
                .execute(Tuple.of(id))
                .replaceWithVoid();
    }

    private double counted(String name) {
        return meters.counter(name).count();
    }

    private static <T> T await(Uni<T> uni) throws CompletionException {
        return uni.subscribeAsCompletionStage().join();
    }
}
