package dev.holdfast.payments.transfer;

import static dev.holdfast.payments.transfer.Bank.OPERATOR;
import static dev.holdfast.payments.transfer.Bank.await;
import static dev.holdfast.payments.transfer.Bank.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What went wrong in other ledgers, each under the name of its bug. */
@ExtendWith(HoldfastExtension.class)
class KnownBugsTest {
    private Bank bank;
    private long alice;

    @BeforeEach
    void open(TestSchema schema) {
        bank = Bank.in(schema);
        alice = bank.account("alice", 100);
    }

    @AfterEach
    void theBooksAreRight() {
        bank.assertBooksAreRight();
        bank.close();
    }

    private static boolean isPosted(TransferResult result) {
        return result instanceof TransferResult.Posted;
    }

    private TransferResult alone(Transfer transfer) {
        return bank.executeAlone(transfer);
    }

    /** Several sources paid one destination at once, and it was credited once: each had written the sum it had read. */
    @Test
    void lostCreditToOneDestination() throws InterruptedException {
        // Given
        long charity = bank.account("charity", 0);
        List<Long> donors = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            donors.add(bank.account("donor", 10));
        }

        // When
        RaceGate.race(
                        20,
                        worker -> () -> worker % 2 == 0
                                ? alone(Transfer.post(id(), donors.get(worker), charity, 10, "EUR"))
                                : bank.execute(Transfer.post(id(), donors.get(worker), charity, 10, "EUR")))
                .assertWinners(20, KnownBugsTest::isPosted);

        // Then
        assertThat(bank.balance(charity)).isEqualTo(200);
    }

    /** One batch with several credits to one account kept the last of them. */
    @Test
    void lostCreditWithinOneBatch() {
        // Given
        long charity = bank.account("charity", 0);
        List<Transfer> gifts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            gifts.add(Transfer.post(id(), alice, charity, 5, "EUR"));
        }

        // When
        List<TransferResult> results = bank.execute(OPERATOR, gifts);

        // Then
        assertThat(results).allMatch(KnownBugsTest::isPosted);
        assertThat(List.of(bank.balance(alice), bank.balance(charity))).containsExactly(0L, 100L);
    }

    /** Two partial captures of one hold at once both saw the whole of it. */
    @Test
    void twoPartialCapturesAtOnce() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            // Given
            long shop = bank.account("shop", 0);
            UUID hold = id();
            bank.execute(
                    Transfer.hold(hold, alice, shop, 10, "EUR", Instant.now().plusSeconds(60)));

            // When
            RaceGate.race(2, worker -> () -> bank.execute(Transfer.capture(id(), hold, 6L)))
                    .assertWinners(1, KnownBugsTest::isPosted);

            // Then
            assertThat(bank.balance(shop)).isEqualTo(6);
            bank.execute(Transfer.voidHold(id(), hold));
        }
    }

    /** The limit was checked against what was posted and what was on hold each for itself, so both could use it up. */
    @Test
    void overdraftDoubledByAHold() {
        // Given
        long bob = bank.open("bob", "EUR", 100L);
        long shop = bank.account("shop", 0);

        // When
        TransferResult hold = bank.execute(
                Transfer.hold(id(), bob, shop, 100, "EUR", Instant.now().plusSeconds(60)));
        TransferResult post = bank.execute(Transfer.post(id(), bob, shop, 1, "EUR"));
        TransferResult postAlone = alone(Transfer.post(id(), bob, shop, 1, "EUR"));

        // Then
        assertThat(List.of(hold, post, postAlone).stream()
                        .map(result -> result.getClass().getSimpleName()))
                .containsExactly("Posted", "Refused", "Refused");
    }

    /** Refusals were thrown from within the transaction, and each left a connection behind that could not be used. */
    @Test
    void poolPoisonedByRefusals() throws InterruptedException {
        // Given a pool of two
        Pool pool = bank.schema.openPool(2);
        TransferService service = bank.serviceOn(pool);
        long shop = bank.account("shop", 0);

        // When it refuses far more often than it has connections
        RaceGate.race(
                        50,
                        worker -> () -> await(service.execute(List.of(
                                        Submission.of(OPERATOR, Transfer.post(id(), alice, shop, 1_000, "EUR")))))
                                .getFirst()
                                .getFirst())
                .assertWinners(0, KnownBugsTest::isPosted);

        // Then both still work
        RaceGate.race(
                        2,
                        worker -> () -> await(service.execute(
                                        List.of(Submission.of(OPERATOR, Transfer.post(id(), alice, shop, 1, "EUR")))))
                                .getFirst()
                                .getFirst())
                .assertWinners(2, KnownBugsTest::isPosted);
        pool.closeAndForget();
    }

    /** A repeated id was answered as if it had just happened, although it had been refused the first time. */
    @Test
    void refusalForgottenWhenItIsAskedAgain() {
        // Given
        long shop = bank.account("shop", 0);
        Transfer tooMuch = Transfer.post(id(), alice, shop, 101, "EUR");
        bank.execute(tooMuch);

        // When
        bank.execute(Transfer.post(id(), bank.world, alice, 1, "EUR"));

        // Then
        assertThat(bank.execute(tooMuch))
                .isInstanceOfSatisfying(
                        TransferResult.Refused.class,
                        again -> assertThat(again.repeated()).isTrue());
        assertThat(bank.balance(shop)).isZero();
    }
}
