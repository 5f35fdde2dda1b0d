package dev.holdfast.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class LeaseStoreTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration EXPIRED = Duration.ofMillis(-1);

    private Pool pool;

    @BeforeEach
    void open(TestSchema schema) {
        schema.migrate("db/platform").execute("CREATE TABLE ledger (line text); GRANT ALL ON ledger TO todo_app");
        pool = schema.openPool(10);
    }

    @AfterEach
    void close() {
        pool.closeAndForget();
    }

    @Test
    void grantsAFreeLeaseToExactlyOneOfMany() throws Exception {
        RaceGate.race(10, worker -> () -> await(LeaseStore.acquire(pool, "one", "worker " + worker, LONG)))
                .assertWinners(1, Optional::isPresent);
    }

    @Test
    void grantsAnExpiredLeaseToExactlyOneOfManyWithTheNextEpoch() throws Exception {
        // Given
        await(LeaseStore.acquire(pool, "one", "gone", EXPIRED));

        // When
        RaceGate<Optional<Lease>> race =
                RaceGate.race(10, worker -> () -> await(LeaseStore.acquire(pool, "one", "worker " + worker, LONG)));

        // Then
        race.assertWinners(1, Optional::isPresent);
        assertThat(race.results()).contains(Optional.of(new Lease("one", 2)));
    }

    @Test
    void renewsForItsHolderOnly() {
        // Given
        Lease replaced =
                await(LeaseStore.acquire(pool, "one", "first", EXPIRED)).orElseThrow();
        Lease holding = await(LeaseStore.acquire(pool, "one", "second", LONG)).orElseThrow();

        // When / Then
        assertThat(await(LeaseStore.renew(pool, replaced, LONG))).isFalse();
        assertThat(await(LeaseStore.renew(pool, holding, LONG))).isTrue();
    }

    @Test
    void lettingGoLetsTheNextOneInAtOnce() {
        // Given
        Lease first = await(LeaseStore.acquire(pool, "one", "first", LONG)).orElseThrow();

        // When
        await(LeaseStore.release(pool, first));

        // Then
        assertThat(await(LeaseStore.acquire(pool, "one", "second", LONG))).contains(new Lease("one", 2));
    }

    /** The usual variant asks "is it still mine?" by the clock, before the transaction; a pause in between defeats it. */
    @Test
    void aHolderThatWasReplacedWhilePausedWritesOnlyWithoutTheEpoch() {
        // Given
        Lease paused = await(LeaseStore.acquire(pool, "one", "paused", Duration.ofMillis(50)))
                .orElseThrow();
        boolean stillMineByTheClock = await(LeaseStore.renew(pool, paused, EXPIRED));
        await(LeaseStore.acquire(pool, "one", "successor", LONG));

        // When
        if (stillMineByTheClock) {
            await(pool.query("INSERT INTO ledger VALUES ('naive')").execute());
        }
        Uni<Void> fenced = pool.withTransaction(tx -> LeaseStore.verify(tx, paused)
                .chain(() -> tx.query("INSERT INTO ledger VALUES ('fenced')").execute())
                .replaceWithVoid());

        // Then
        assertThatThrownBy(() -> await(fenced)).hasRootCauseInstanceOf(FencedOffException.class);
        assertThat(await(pool.query("SELECT line FROM ledger").execute())
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("naive");
        assertThat(await(pool.query("SELECT line FROM ledger").execute()).size())
                .isEqualTo(1);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.subscribeAsCompletionStage().join();
    }
}
