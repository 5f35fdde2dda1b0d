package dev.holdfast.payments.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LaboratoryTest {
    private static final int SEEDS = 100;

    private Pool pool;

    @BeforeAll
    void open() {
        TestSchema schema = TestSchema.create().migrate("db/lab");
        // a deadlock is looked for after a second; here they are made by the hundred
        schema.executeAsAdmin("ALTER ROLE todo_app SET deadlock_timeout = '5ms'");
        pool = schema.openPool(32);
        connectAll();
        schema.executeAsAdmin("ALTER ROLE todo_app RESET deadlock_timeout");
    }

    /** A connection keeps the settings that it began with. */
    private void connectAll() {
        List<SqlConnection> connections = IntStream.range(0, 32)
                .mapToObj(i -> pool.getConnection().await().atMost(Duration.ofSeconds(10)))
                .toList();
        connections.forEach(one -> one.closeAndAwait());
    }

    @AfterAll
    void close() {
        pool.closeAndForget();
    }

    private Verdict run(Load load) {
        return new LabRun(UUID.randomUUID(), load, pool).execute().await().atMost(Duration.ofSeconds(60));
    }

    @RepeatedTest(10)
    void naiveSpendsMoneyTwiceEachTime() {
        // When two clients want all that one account has
        Verdict verdict = run(new Load(Mode.NAIVE, 4, 2, 2, 0, 1));

        // Then both get it, and the schedule shows how
        assertThat(verdict.violated()).isTrue();
        assertThat(verdict.posted()).isEqualTo(2);
        assertThat(verdict.moneyAfter()).isEqualTo(verdict.moneyBefore() + Load.BALANCE);
        assertThat(verdict.guilty()).isNotNull();
        assertThat(verdict.guilty().account()).isZero();
        assertThat(verdict.guilty().steps().stream()
                        .filter(step -> Integer.valueOf(0).equals(step.account()))
                        .map(Step::deed))
                .containsExactly(Step.Deed.READS, Step.Deed.READS, Step.Deed.WRITES, Step.Deed.WRITES);
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, mode = EnumSource.Mode.EXCLUDE, names = "NAIVE")
    void noOtherModeEverViolatesAnything(Mode mode) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            // When
            Verdict verdict = run(new Load(mode, 4, 6, 30, 2, seed));

            // Then
            assertThat(verdict.violated()).as("seed %d: %s", seed, verdict).isFalse();
            assertThat(verdict.posted() + verdict.refused() + verdict.givenUp()).isEqualTo(30);
            assertThat(verdict.givenUp()).isZero();
        }
    }

    @Test
    void locksInTheOrderTheyAreNamedDeadlockAndAreTriedAgain() {
        // When
        Verdict verdict = run(new Load(Mode.UNORDERED_LOCKS, 4, 16, 100, 2, 1));

        // Then
        assertThat(verdict.deadlocks()).isPositive();
        assertThat(verdict.retries()).isGreaterThanOrEqualTo(verdict.deadlocks());
        assertThat(verdict.violated()).isFalse();
        assertThat(verdict.posted() + verdict.refused() + verdict.givenUp()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"FOR_UPDATE", "ADVISORY_LOCK", "ATOMIC_UPDATE", "LOCK_COMPUTE_APPLY"})
    void locksInOneOrderNeverDeadlock(Mode mode) {
        // When
        Verdict verdict = run(new Load(mode, 4, 32, 1_000, 2, 1));

        // Then
        assertThat(verdict.deadlocks()).isZero();
        assertThat(verdict.retries()).isZero();
        assertThat(verdict.givenUp()).isZero();
        assertThat(verdict.posted()).isPositive();
        assertThat(verdict.posted() + verdict.refused()).isEqualTo(1_000);
    }
}
