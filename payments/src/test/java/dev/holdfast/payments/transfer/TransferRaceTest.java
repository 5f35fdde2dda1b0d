package dev.holdfast.payments.transfer;

import static dev.holdfast.payments.transfer.Bank.OPERATOR;
import static dev.holdfast.payments.transfer.Bank.await;
import static dev.holdfast.payments.transfer.Bank.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.StatementCut;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens at once: no account passes its limit, each id has one outcome, nothing waits crosswise. */
@ExtendWith(HoldfastExtension.class)
class TransferRaceTest {
    private Bank bank;
    private TransferBatcher one;
    private TransferBatcher two;
    private Pool otherPool;
    private long alice;
    private long shop;

    /** Two instances of the service on one database. */
    @BeforeEach
    void open(TestSchema schema) {
        bank = Bank.in(schema);
        otherPool = schema.openPool(8);
        one = batcher(bank.service, 16_000);
        two = batcher(bank.serviceOn(otherPool), 16_000);
        alice = bank.account("alice", 100);
        shop = bank.account("shop", 0);
    }

    private TransferBatcher batcher(TransferService service, int waitingMax) {
        return new TransferBatcher(service, 50, 2, waitingMax, new TransferMetrics(bank.meters));
    }

    @AfterEach
    void theBooksAreRight() {
        bank.assertBooksAreRight();
        otherPool.closeAndForget();
        bank.close();
    }

    private TransferResult submit(int worker, Transfer transfer) {
        return await((worker % 2 == 0 ? one : two).submit(Submission.of(OPERATOR, transfer)))
                .getFirst();
    }

    private static boolean isPosted(TransferResult result) {
        return result instanceof TransferResult.Posted;
    }

    private Callable<TransferResult> submitting(int worker, Transfer transfer) {
        return () -> submit(worker, transfer);
    }

    @Test
    void theLastMoneyIsSpentOnce() throws InterruptedException {
        RaceGate.race(32, worker -> submitting(worker, Transfer.post(id(), alice, shop, 100, "EUR")))
                .assertWinners(1, TransferRaceTest::isPosted);
    }

    @Test
    void oneIdFromEverywhereHappensOnce() throws InterruptedException {
        // Given
        Transfer same = Transfer.post(id(), alice, shop, 10, "EUR");

        // When
        RaceGate<TransferResult> race = RaceGate.race(32, worker -> submitting(worker, same));

        // Then
        race.assertWinners(1, TransferRaceTest::isPosted);
        assertThat(race.results()).allMatch(result -> isPosted(result) || result instanceof TransferResult.Exists);
        assertThat(bank.balance(shop)).isEqualTo(10);
    }

    @Test
    void oneIdForDifferentThingsOnOtherAccountsHasOneOutcome() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            // Given ids that meet although no account does
            UUID id = id();
            List<Transfer> rivals = new ArrayList<>();
            for (int worker = 0; worker < 6; worker++) {
                long from = bank.account("from", worker % 2 == 0 ? 10 : 0);
                rivals.add(Transfer.post(id, from, bank.account("to", 0), 10, "EUR"));
            }

            // When
            RaceGate<TransferResult> race = RaceGate.race(6, worker -> submitting(worker, rivals.get(worker)));

            // Then
            assertThat(race.failures()).isEmpty();
            assertThat(bank.number("SELECT count(*) FROM transfer WHERE id = '%s'".formatted(id)))
                    .isEqualTo(1);
            assertThat(race.results().stream()
                            .filter(TransferRaceTest::isPosted)
                            .count())
                    .isEqualTo(bank.number("SELECT count(debit_seq) FROM transfer WHERE id = '%s'".formatted(id)));
        }
    }

    @Test
    void crosswiseTransfersNeverDeadlock() throws InterruptedException {
        // Given
        long bob = bank.account("bob", 1_000);
        bank.execute(Transfer.post(id(), bank.world, alice, 900, "EUR"));
        double before = bank.meters.counter("holdfast.transaction.retries").count();

        // When 64 clients move money back and forth, single and in batches
        RaceGate<Integer> race = RaceGate.race(64, worker -> () -> {
            for (int i = 0; i < 10; i++) {
                boolean there = (worker + i) % 2 == 0;
                Transfer move = Transfer.post(id(), there ? alice : bob, there ? bob : alice, 1, "EUR");
                Transfer back = Transfer.post(id(), there ? bob : alice, there ? alice : bob, 1, "EUR");
                await((worker % 3 == 0 ? one : two).submit(new Submission(OPERATOR, List.of(move, back))));
                submit(worker, Transfer.post(id(), there ? alice : bob, there ? bob : alice, 1, "EUR"));
            }
            return worker;
        });

        // Then
        race.assertWinners(64, worker -> true);
        assertThat(bank.meters.counter("holdfast.transaction.retries").count()).isEqualTo(before);
        assertThat(bank.balance(alice) + bank.balance(bob)).isEqualTo(2_000);
    }

    @Test
    void aHoldIsCapturedNoMoreThanItHolds() throws InterruptedException {
        // Given
        UUID hold = id();
        bank.execute(Transfer.hold(hold, alice, shop, 90, "EUR", Instant.now().plusSeconds(60)));

        // When
        RaceGate.race(16, worker -> submitting(worker, Transfer.capture(id(), hold, 30L)))
                .assertWinners(3, TransferRaceTest::isPosted);

        // Then
        assertThat(List.of(bank.balance(shop), bank.held(alice))).containsExactly(90L, 0L);
    }

    @Test
    void captureVoidAndExpiryOfOneHoldHaveOneWinner() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            // Given
            UUID hold = id();
            bank.execute(
                    Transfer.hold(hold, alice, shop, 1, "EUR", Instant.now().plusSeconds(60)));

            // When / Then
            RaceGate.race(
                            6,
                            worker -> submitting(
                                    worker,
                                    switch (worker % 3) {
                                        case 0 -> Transfer.capture(id(), hold, null);
                                        case 1 -> Transfer.voidHold(id(), hold);
                                        default -> Transfer.expire(id(), hold);
                                    }))
                    .assertWinners(1, TransferRaceTest::isPosted);
        }
        assertThat(bank.held(alice)).isZero();
    }

    @Test
    void aTransferIsReversedOnceWhoeverAsks() throws InterruptedException {
        // Given
        UUID post = id();
        bank.execute(Transfer.post(post, alice, shop, 50, "EUR"));
        bank.execute(Transfer.post(id(), bank.world, shop, 1_000, "EUR"));

        // When / Then
        RaceGate.race(16, worker -> submitting(worker, Transfer.reverse(id(), post)))
                .assertWinners(1, TransferRaceTest::isPosted);
        assertThat(bank.balance(alice)).isEqualTo(100);
    }

    /** At each boundary, before the request or before its reply. */
    @ParameterizedTest
    @EnumSource(StatementCut.Side.class)
    void aConnectionThatGoesAwayAnywhereLosesNothingAndDoublesNothing(StatementCut.Side side) throws IOException {
        try (var line = new StatementCut(bank.schema.port())) {
            Pool pool = bank.schema.openPool(2, line.port());
            TransferService service = bank.serviceOn(pool);
            long moved = 0;
            for (int statement = 1; statement <= 12; statement++) {
                // Given
                Transfer transfer = Transfer.post(id(), alice, shop, 1, "EUR");
                line.arm(statement, side);

                // When
                TransferResult result = await(service.execute(List.of(Submission.of(OPERATOR, transfer))))
                        .getFirst()
                        .getFirst();
                line.disarm();

                // Then it happened, and asking again says the same
                assertThat(isPosted(result)).as("statement %d", statement).isTrue();
                assertThat(bank.execute(transfer)).isInstanceOf(TransferResult.Exists.class);
                moved++;
                assertThat(bank.balance(shop)).isEqualTo(moved);
            }
            pool.closeAndForget();
        }
    }

    @ParameterizedTest
    @CsvSource({"BEFORE", "AFTER"})
    void theOneCallIsResolvedToo(StatementCut.Side side) throws IOException {
        try (var line = new StatementCut(bank.schema.port())) {
            Pool pool = bank.schema.openPool(2, line.port());
            TransferBatcher batcher = batcher(bank.serviceOn(pool), 100);
            Transfer transfer = Transfer.post(id(), alice, shop, 1, "EUR");
            await(batcher.submit(Submission.of(OPERATOR, Transfer.post(id(), alice, shop, 1, "EUR"))));
            line.arm(1, side);

            // When
            List<TransferResult> results = await(batcher.submit(Submission.of(OPERATOR, transfer)));

            // Then
            assertThat(results.getFirst())
                    .isInstanceOf(
                            side == StatementCut.Side.AFTER
                                    ? TransferResult.Exists.class
                                    : TransferResult.Posted.class);
            assertThat(bank.balance(shop)).isEqualTo(2);
            pool.closeAndForget();
        }
    }

    @Test
    void whenTheDatabaseStaysAwayAfterALostAnswerNobodySaysThatNothingHappened() throws IOException {
        // Given
        var line = new StatementCut(bank.schema.port());
        Pool pool = bank.schema.openPool(2, line.port());
        TransferBatcher batcher = batcher(bank.serviceOn(pool), 100);
        await(batcher.submit(Submission.of(OPERATOR, Transfer.post(id(), alice, shop, 1, "EUR"))));
        line.arm(1, StatementCut.Side.AFTER);
        line.close();

        // When / Then
        assertThatThrownBy(() ->
                        await(batcher.submit(Submission.of(OPERATOR, Transfer.post(id(), alice, shop, 1, "EUR")))))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(bank.balance(shop)).isEqualTo(2);
        pool.closeAndForget();
    }

    @Test
    void whoeverComesWhenTooManyWaitIsToldSo() throws InterruptedException {
        // Given a batcher with room for ten, and an account that somebody holds on to
        TransferBatcher small = batcher(bank.service, 10);
        var connection = await(bank.pool.getConnection());
        var transaction = await(connection.begin());
        await(connection
                .query("SELECT FROM account WHERE id = %d FOR UPDATE".formatted(alice))
                .execute());

        // When
        var waiting = new ArrayList<CompletableFuture<List<TransferResult>>>();
        for (int i = 0; i < 30; i++) {
            waiting.add(small.submit(Submission.of(OPERATOR, Transfer.post(id(), alice, shop, 1, "EUR")))
                    .subscribeAsCompletionStage());
        }
        long refused = waiting.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .count();
        await(transaction.rollback());
        await(connection.close());

        // Then nobody else was lost
        assertThat(refused).isPositive();
        for (var one : waiting) {
            if (!one.isCompletedExceptionally()) {
                assertThat(isPosted(one.join().getFirst())).isTrue();
            }
        }
        assertThat(bank.balance(shop)).isEqualTo(30 - refused);
    }

    @Test
    void whatOneSubmissionDoesWrongTheOthersOfItsBatchDoNotSufferFor() throws InterruptedException {
        // Given a reference that the database refuses, past every check of ours
        String poison = "x".repeat(101);

        // When
        RaceGate<Boolean> race = RaceGate.race(40, worker -> () -> {
            Transfer transfer =
                    Transfer.post(id(), bank.world, shop, 1, "EUR").withReference(worker % 10 == 0 ? poison : null);
            try {
                return isPosted(submit(0, transfer));
            } catch (RuntimeException refused) {
                return false;
            }
        });

        // Then
        race.assertWinners(36, posted -> posted);
        assertThat(bank.balance(shop)).isEqualTo(36);
    }

    @Test
    void aSubmissionLargerThanABatchIsDecidedInItsOrder() {
        // Given
        var transfers = new ArrayList<Transfer>();
        for (int i = 0; i < 500; i++) {
            boolean linked = ThreadLocalRandom.current().nextInt(4) == 0 && i < 499;
            Transfer fill = Transfer.post(id(), bank.world, alice, 1, "EUR");
            Transfer spend = Transfer.post(id(), alice, shop, 1, "EUR");
            transfers.add(linked ? fill.linkedToNext() : fill);
            transfers.add(spend);
        }

        // When
        List<TransferResult> results = await(one.submit(new Submission(OPERATOR, transfers)));

        // Then
        assertThat(results).hasSize(1_000).allMatch(TransferRaceTest::isPosted);
        assertThat(List.of(bank.balance(alice), bank.balance(shop))).containsExactly(100L, 500L);
    }
}
