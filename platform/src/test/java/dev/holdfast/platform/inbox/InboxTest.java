package dev.holdfast.platform.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class InboxTest {
    private Pool pool;

    @BeforeEach
    void open(TestSchema schema) {
        schema.migrate("db/platform").execute("CREATE TABLE effect (n int); GRANT ALL ON effect TO todo_app");
        pool = schema.openPool(12);
    }

    @AfterEach
    void close() {
        pool.closeAndForget();
    }

    @Test
    void letsTheVersionsThroughInTheirOrderAndEachOnce() {
        assertThat(receive("thing", 2)).as("begins with 1").isEqualTo(Receipt.GAP);
        assertThat(receive("thing", 1)).isEqualTo(Receipt.NEXT);
        assertThat(receive("thing", 1)).isEqualTo(Receipt.DUPLICATE);
        assertThat(receive("thing", 3)).isEqualTo(Receipt.GAP);
        assertThat(receive("thing", 2)).isEqualTo(Receipt.NEXT);
        assertThat(receive("thing", 3)).isEqualTo(Receipt.NEXT);
        assertThat(receive("thing", 1)).isEqualTo(Receipt.DUPLICATE);
        assertThat(receive("another", 1)).isEqualTo(Receipt.NEXT);
    }

    @Test
    void aRolledBackEffectIsReceivedAgain() {
        // Given
        Uni<Void> failing = pool.withTransaction(tx -> Inbox.receive(tx, "reader", "thing", 1)
                .chain(() -> Uni.createFrom().<Void>failure(new IllegalStateException("effect failed"))));
        await(failing.onFailure().recoverWithNull());

        // When / Then
        assertThat(receive("thing", 1)).isEqualTo(Receipt.NEXT);
    }

    @Test
    void ofManyDeliveriesAtOnceOneTakesEffect() throws Exception {
        // Given
        UUID eventId = UUID.randomUUID();

        // When
        race(tx -> Inbox.receive(tx, "reader", "thing", 1).map(receipt -> receipt == Receipt.NEXT));
        race(tx -> Inbox.receiveOnce(tx, "reader", eventId));

        // Then
        assertThat(effects()).isEqualTo(2);
    }

    /** The usual variant: look whether the id is there, then apply and remember it. */
    @Test
    void lookingFirstLetsSeveralDeliveriesTakeEffect() throws Exception {
        // Given
        UUID eventId = UUID.randomUUID();
        String find = "SELECT 1 FROM inbox_event WHERE event_id = '%s'".formatted(eventId);

        // When
        race(tx -> tx.query(find)
                .execute()
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(100))
                .map(rows -> rows.size() == 0)
                .call(isNew -> Inbox.receiveOnce(tx, "reader", eventId)));

        // Then
        assertThat(effects()).isGreaterThan(1);
    }

    private void race(Function<SqlConnection, Uni<Boolean>> receive) throws InterruptedException {
        RaceGate.race(
                        8,
                        worker -> () -> await(pool.withTransaction(tx -> receive.apply(tx)
                                .call(isNew -> isNew
                                        ? tx.query("INSERT INTO effect VALUES (1)")
                                                .execute()
                                        : Uni.createFrom().voidItem()))))
                .assertWinners(8, anything -> true);
    }

    private int effects() {
        return await(pool.query("SELECT 1 FROM effect").execute()).size();
    }

    private Receipt receive(String aggregateId, long version) {
        return await(pool.withTransaction(tx -> Inbox.receive(tx, "reader", aggregateId, version)));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.subscribeAsCompletionStage().join();
    }
}
