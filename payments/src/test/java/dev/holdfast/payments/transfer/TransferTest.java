package dev.holdfast.payments.transfer;

import static dev.holdfast.payments.transfer.Bank.id;
import static dev.holdfast.payments.transfer.Bank.owner;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What each kind of transfer does, one after the other. */
@ExtendWith(HoldfastExtension.class)
class TransferTest {
    private Bank bank;
    private long alice;
    private long shop;

    @BeforeEach
    void open(TestSchema schema) {
        bank = Bank.in(schema);
        alice = bank.account("alice", 100);
        shop = bank.account("shop", 0);
    }

    @AfterEach
    void theBooksAreRight() {
        bank.assertBooksAreRight();
        bank.close();
    }

    private static Reason reason(TransferResult result) {
        assertThat(result).isInstanceOf(TransferResult.Refused.class);
        return ((TransferResult.Refused) result).refusal().reason();
    }

    private static RecordedTransfer posted(TransferResult result) {
        assertThat(result).isInstanceOf(TransferResult.Posted.class);
        return ((TransferResult.Posted) result).transfer();
    }

    private Transfer pay(long amount) {
        return Transfer.post(id(), alice, shop, amount, "EUR");
    }

    private UUID hold(long amount) {
        UUID id = id();
        posted(bank.execute(
                Transfer.hold(id, alice, shop, amount, "EUR", Instant.now().plusSeconds(3600))));
        return id;
    }

    @Test
    void aPostMovesMoneyAndSaysWhereItStands() {
        // When
        RecordedTransfer posted = posted(bank.execute(pay(30)));

        // Then
        assertThat(List.of(bank.balance(alice), bank.balance(shop))).containsExactly(70L, 30L);
        assertThat(posted.entry()).isEqualTo(new RecordedTransfer.Entry(2, 1, 70, 30));
    }

    @Test
    void nobodySpendsMoreThanIsThere() {
        // When
        TransferResult result = bank.execute(pay(101));

        // Then
        assertThat(result)
                .isEqualTo(new TransferResult.Refused(
                        new Refusal(Reason.INSUFFICIENT_FUNDS, alice, 1L, 100L, 101L), false));
        assertThat(bank.balance(alice)).isEqualTo(100);
    }

    @Test
    void anIdHasOneOutcomeForEver() {
        // Given
        Transfer first = pay(30);
        RecordedTransfer posted = posted(bank.execute(first));
        Transfer tooMuch = pay(71);
        Refusal refusal = ((TransferResult.Refused) bank.execute(tooMuch)).refusal();

        // When the account is filled, and everything is asked again
        bank.execute(Transfer.post(id(), bank.world, alice, 1_000, "EUR"));

        // Then
        assertThat(bank.execute(first)).isEqualTo(new TransferResult.Exists(posted));
        assertThat(bank.executeAlone(first)).isEqualTo(new TransferResult.Exists(posted));
        assertThat(bank.execute(tooMuch)).isEqualTo(new TransferResult.Refused(refusal, true));
        assertThat(bank.executeAlone(tooMuch)).isEqualTo(new TransferResult.Refused(refusal, true));
        assertThat(bank.balance(shop)).isEqualTo(30);
    }

    @Test
    void anIdThatStandsForSomethingElseSaysInWhichField() {
        // Given
        UUID id = id();
        long other = bank.account("other", 10);
        Transfer first = Transfer.post(id, alice, shop, 30, "EUR").withReference("a");
        posted(bank.execute(first));

        // When / Then
        assertThat(reason(bank.execute(
                        Transfer.hold(id, alice, shop, 30, "EUR", Instant.now().plusSeconds(60)))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_KIND);
        assertThat(reason(bank.execute(Transfer.post(id, other, shop, 30, "EUR").withReference("a"))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_DEBIT_ACCOUNT);
        assertThat(reason(
                        bank.execute(Transfer.post(id, alice, other, 30, "EUR").withReference("a"))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_CREDIT_ACCOUNT);
        assertThat(reason(bank.execute(Transfer.post(id, alice, shop, 31, "EUR").withReference("a"))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_AMOUNT);
        assertThat(reason(bank.execute(Transfer.post(id, alice, shop, 30, "USD").withReference("a"))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_CURRENCY);
        assertThat(reason(bank.execute(first.asBalancing()))).isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_BALANCING);
        assertThat(reason(bank.execute(first.effectiveAt(Instant.now().minusSeconds(60)))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_EFFECTIVE_TIME);
        assertThat(reason(bank.execute(first.withReference("b")))).isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_REFERENCE);
        UUID hold = hold(10);
        assertThat(reason(bank.execute(Transfer.hold(
                        hold, alice, shop, 10, "EUR", Instant.now().plusSeconds(60)))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_EXPIRY);
        UUID capture = id();
        posted(bank.execute(Transfer.capture(capture, hold, null)));
        assertThat(reason(bank.execute(Transfer.capture(capture, id(), null))))
                .isEqualTo(Reason.ID_EXISTS_WITH_DIFFERENT_ORIGINAL);
        assertThat(bank.execute(first)).isInstanceOf(TransferResult.Exists.class);
    }

    @Test
    void aHoldTakesMoneyOutOfReachUntilItIsCapturedInPartsOrVoided() {
        // Given
        UUID hold = hold(80);
        assertThat(reason(bank.execute(pay(21)))).isEqualTo(Reason.INSUFFICIENT_FUNDS);

        // When
        posted(bank.execute(Transfer.capture(id(), hold, 30L)));
        posted(bank.execute(Transfer.capture(id(), hold, 20L)));
        assertThat(reason(bank.execute(Transfer.capture(id(), hold, 31L)))).isEqualTo(Reason.EXCEEDS_HOLD);
        posted(bank.execute(Transfer.voidHold(id(), hold)));

        // Then
        assertThat(List.of(bank.balance(alice), bank.held(alice), bank.balance(shop)))
                .containsExactly(50L, 0L, 50L);
        assertThat(reason(bank.execute(Transfer.capture(id(), hold, 1L)))).isEqualTo(Reason.HOLD_VOIDED);
        assertThat(reason(bank.execute(Transfer.voidHold(id(), hold)))).isEqualTo(Reason.HOLD_VOIDED);
    }

    @Test
    void aHoldThatIsCapturedWholeIsOver() {
        // Given
        UUID hold = hold(80);

        // When
        posted(bank.execute(Transfer.capture(id(), hold, null)));

        // Then
        assertThat(bank.balance(shop)).isEqualTo(80);
        assertThat(reason(bank.execute(Transfer.capture(id(), hold, null)))).isEqualTo(Reason.HOLD_CAPTURED);
        assertThat(reason(bank.execute(Transfer.voidHold(id(), hold)))).isEqualTo(Reason.HOLD_CAPTURED);
    }

    @Test
    void anExpiredHoldCannotBeCapturedEvenBeforeItIsReleased() {
        // Given
        UUID hold = hold(80);
        bank.schema.execute("UPDATE hold SET expires_at = now() - interval '1 second'");

        // When
        TransferResult late = bank.execute(Transfer.capture(id(), hold, null));

        // Then
        assertThat(reason(late)).isEqualTo(Reason.HOLD_EXPIRED);
        posted(bank.execute(Transfer.expire(id(), hold)));
        assertThat(bank.held(alice)).isZero();
    }

    @Test
    void whatIsAboutNothingIsRefused() {
        // Given
        UUID post = id();
        posted(bank.execute(Transfer.post(post, alice, shop, 1, "EUR")));

        // When / Then
        assertThat(reason(bank.execute(Transfer.capture(id(), id(), null)))).isEqualTo(Reason.HOLD_UNKNOWN);
        assertThat(reason(bank.execute(Transfer.capture(id(), post, null)))).isEqualTo(Reason.NOT_A_HOLD);
        assertThat(reason(bank.execute(Transfer.reverse(id(), id())))).isEqualTo(Reason.TRANSFER_UNKNOWN);
        assertThat(reason(bank.execute(Transfer.reverse(id(), hold(1))))).isEqualTo(Reason.NOT_REVERSIBLE);
    }

    @Test
    void aTransferIsReversedOnce() {
        // Given
        UUID post = id();
        posted(bank.execute(Transfer.post(post, alice, shop, 40, "EUR")));

        // When
        UUID reversal = id();
        posted(bank.execute(Transfer.reverse(reversal, post)));

        // Then
        assertThat(List.of(bank.balance(alice), bank.balance(shop))).containsExactly(100L, 0L);
        assertThat(reason(bank.execute(Transfer.reverse(id(), post)))).isEqualTo(Reason.REVERSED_BEFORE);
        assertThat(reason(bank.execute(Transfer.reverse(id(), reversal)))).isEqualTo(Reason.NOT_REVERSIBLE);
        assertThat(bank.execute(Transfer.reverse(reversal, post))).isInstanceOf(TransferResult.Exists.class);
    }

    @Test
    void aReversalCannotTakeWhatThePayeeHasSpent() {
        // Given
        UUID post = id();
        posted(bank.execute(Transfer.post(post, alice, shop, 40, "EUR")));
        posted(bank.execute(Transfer.post(id(), shop, bank.world, 1, "EUR")));

        // When / Then
        assertThat(reason(bank.execute(Transfer.reverse(id(), post)))).isEqualTo(Reason.INSUFFICIENT_FUNDS);
    }

    @Test
    void aChainHappensAsAWholeOrNotAtAll() {
        // Given
        List<Transfer> good = List.of(pay(60).linkedToNext(), pay(40));
        List<Transfer> bad = List.of(
                Transfer.post(id(), bank.world, alice, 10, "EUR").linkedToNext(), pay(5).linkedToNext(), pay(1_000));

        // When
        List<TransferResult> happened = bank.execute(Bank.OPERATOR, good);
        List<TransferResult> refused = bank.execute(Bank.OPERATOR, bad);

        // Then
        assertThat(happened).allSatisfy(one -> posted(one));
        assertThat(refused.stream().map(TransferTest::reason))
                .containsExactly(
                        Reason.LINKED_TRANSFER_REFUSED, Reason.LINKED_TRANSFER_REFUSED, Reason.INSUFFICIENT_FUNDS);
        assertThat(List.of(bank.balance(alice), bank.balance(shop))).containsExactly(0L, 100L);
        assertThat(bank.execute(Bank.OPERATOR, good)).allMatch(one -> one instanceof TransferResult.Exists);
        assertThat(bank.execute(Bank.OPERATOR, bad))
                .allMatch(one -> one instanceof TransferResult.Refused again && again.repeated());
    }

    @Test
    void aChainThatRepeatsAnIdOfBeforeIsRefusedAndTheIdStands() {
        // Given
        Transfer before = pay(10);
        posted(bank.execute(before));
        Transfer fresh = pay(10);

        // When
        List<TransferResult> results = bank.execute(Bank.OPERATOR, List.of(fresh.linkedToNext(), before));

        // Then
        assertThat(reason(results.getFirst())).isEqualTo(Reason.LINKED_TRANSFER_REFUSED);
        assertThat(results.getLast()).isInstanceOf(TransferResult.Exists.class);
        assertThat(bank.balance(shop)).isEqualTo(10);
    }

    @Test
    void aChainWithoutAnEndIsRefused() {
        // When
        List<TransferResult> results =
                bank.execute(Bank.OPERATOR, List.of(pay(1).linkedToNext(), pay(2).linkedToNext()));

        // Then
        assertThat(results.stream().map(TransferTest::reason))
                .containsExactly(Reason.LINKED_TRANSFER_REFUSED, Reason.CHAIN_NOT_CLOSED);
        assertThat(bank.balance(shop)).isZero();
    }

    @Test
    void inABatchEachIsDecidedOnWhatThoseBeforeItLeft() {
        // Given
        UUID hold = id();

        // When
        List<TransferResult> results = bank.execute(
                Bank.OPERATOR,
                List.of(
                        Transfer.hold(
                                hold, alice, shop, 90, "EUR", Instant.now().plusSeconds(60)),
                        pay(11),
                        Transfer.capture(id(), hold, 50L),
                        Transfer.voidHold(id(), hold),
                        pay(50),
                        pay(1)));

        // Then
        assertThat(results.stream().map(result -> result.getClass().getSimpleName()))
                .containsExactly("Posted", "Refused", "Posted", "Posted", "Posted", "Refused");
        assertThat(bank.balance(shop)).isEqualTo(100);
    }

    @Test
    void theSameIdTwiceInABatchHappensOnce() {
        // Given
        Transfer one = pay(10);

        // When
        List<TransferResult> results = bank.execute(Bank.OPERATOR, List.of(one, one, one));

        // Then
        assertThat(results.stream().map(result -> result.getClass().getSimpleName()))
                .containsExactly("Posted", "Exists", "Exists");
        assertThat(bank.balance(shop)).isEqualTo(10);
    }

    @Test
    void aBalancingTransferMovesWhatIsThere() {
        // Given
        Transfer sweep = pay(1_000).asBalancing();

        // When
        RecordedTransfer swept = posted(bank.execute(sweep));

        // Then
        assertThat(swept.amountMinor()).isEqualTo(100);
        assertThat(bank.execute(sweep)).isEqualTo(new TransferResult.Exists(swept));
        assertThat(reason(bank.execute(pay(1).asBalancing()))).isEqualTo(Reason.INSUFFICIENT_FUNDS);
    }

    @Test
    void currenciesDoNotMix() {
        // Given
        long dollars = bank.open("shop", "USD", 0L);

        // When / Then
        assertThat(reason(bank.execute(Transfer.post(id(), alice, dollars, 1, "EUR"))))
                .isEqualTo(Reason.CREDIT_ACCOUNT_OF_OTHER_CURRENCY);
        assertThat(reason(bank.execute(Transfer.post(id(), alice, dollars, 1, "USD"))))
                .isEqualTo(Reason.DEBIT_ACCOUNT_OF_OTHER_CURRENCY);
    }

    @Test
    void aFrozenAccountNeitherGivesNorTakesButReleasesHolds() {
        // Given
        UUID hold = hold(10);
        bank.schema.execute("UPDATE account SET frozen = true WHERE id = " + alice);

        // When / Then
        assertThat(reason(bank.execute(pay(1)))).isEqualTo(Reason.DEBIT_ACCOUNT_FROZEN);
        assertThat(reason(bank.executeAlone(pay(1)))).isEqualTo(Reason.DEBIT_ACCOUNT_FROZEN);
        assertThat(reason(bank.execute(Transfer.post(id(), bank.world, alice, 1, "EUR"))))
                .isEqualTo(Reason.CREDIT_ACCOUNT_FROZEN);
        assertThat(reason(bank.execute(Transfer.capture(id(), hold, null)))).isEqualTo(Reason.DEBIT_ACCOUNT_FROZEN);
        posted(bank.execute(Transfer.voidHold(id(), hold)));
    }

    @Test
    void aClosedAccountIsClosed() {
        // Given
        bank.schema.execute("UPDATE account SET closed = true WHERE id = " + shop);

        // When / Then
        assertThat(reason(bank.execute(pay(1)))).isEqualTo(Reason.CREDIT_ACCOUNT_CLOSED);
        assertThat(reason(bank.executeAlone(pay(1)))).isEqualTo(Reason.CREDIT_ACCOUNT_CLOSED);
    }

    @Test
    void accountsThatAreNotThereAreNamed() {
        // When / Then
        assertThat(reason(bank.execute(Transfer.post(id(), 999_999, shop, 1, "EUR"))))
                .isEqualTo(Reason.DEBIT_ACCOUNT_UNKNOWN);
        assertThat(reason(bank.executeAlone(Transfer.post(id(), alice, 999_999, 1, "EUR"))))
                .isEqualTo(Reason.CREDIT_ACCOUNT_UNKNOWN);
        assertThat(reason(bank.execute(Transfer.post(id(), alice, alice, 1, "EUR"))))
                .isEqualTo(Reason.SAME_ACCOUNT);
        assertThat(reason(bank.executeAlone(Transfer.post(id(), alice, alice, 1, "EUR"))))
                .isEqualTo(Reason.SAME_ACCOUNT);
    }

    @Test
    void anOverdraftEndsAtItsLimit() {
        // Given
        long bob = bank.open("bob", "EUR", 50L);

        // When / Then
        posted(bank.executeAlone(Transfer.post(id(), bob, shop, 30, "EUR")));
        assertThat(reason(bank.executeAlone(Transfer.post(id(), bob, shop, 21, "EUR"))))
                .isEqualTo(Reason.INSUFFICIENT_FUNDS);
        posted(bank.execute(Transfer.post(id(), bob, shop, 20, "EUR")));
        assertThat(bank.balance(bob)).isEqualTo(-50);
    }

    @Test
    void countersEndBeforeTheyOverflow() {
        // Given
        long rich = bank.open("rich", "EUR", null);
        bank.schema.execute(
                "UPDATE account SET debits_posted = 8999999999999999990, credits_posted = 8999999999999999990 WHERE id = "
                        + rich);

        // When / Then
        assertThat(reason(bank.execute(Transfer.post(id(), rich, shop, 11, "EUR"))))
                .isEqualTo(Reason.TOO_MUCH_FOR_ONE_ACCOUNT);
        assertThat(reason(bank.executeAlone(Transfer.post(id(), bank.world, rich, 11, "EUR"))))
                .isEqualTo(Reason.TOO_MUCH_FOR_ONE_ACCOUNT);
        bank.schema.execute("UPDATE account SET debits_posted = 0, credits_posted = 0 WHERE id = " + rich);
    }

    @Test
    void timesHaveTheirBounds() {
        // Given
        Instant now = Instant.now();

        // When / Then
        assertThat(reason(bank.execute(pay(1).effectiveAt(now.plusSeconds(60)))))
                .isEqualTo(Reason.EFFECTIVE_IN_THE_FUTURE);
        assertThat(reason(bank.execute(pay(1).effectiveAt(now.minus(91, ChronoUnit.DAYS)))))
                .isEqualTo(Reason.EFFECTIVE_TOO_LONG_AGO);
        assertThat(reason(bank.execute(Transfer.hold(id(), alice, shop, 1, "EUR", now.minusSeconds(1)))))
                .isEqualTo(Reason.EXPIRES_IN_THE_PAST);
        assertThat(reason(bank.execute(Transfer.hold(id(), alice, shop, 1, "EUR", now.plus(91, ChronoUnit.DAYS)))))
                .isEqualTo(Reason.EXPIRES_TOO_LATE);
        posted(bank.execute(pay(1).effectiveAt(now.minusSeconds(3600))));
    }

    @Test
    void ownersMoveTheirOwnMoneyAlone() {
        // Given
        Transfer theft = Transfer.post(id(), alice, shop, 1, "EUR");
        UUID hold = hold(20);
        UUID post = id();
        posted(bank.execute(owner("alice"), Transfer.post(post, alice, shop, 1, "EUR")));

        // When / Then
        assertThat(bank.execute(owner("mallory"), theft)).isEqualTo(new TransferResult.Forbidden(alice));
        assertThat(bank.execute(owner("mallory"), Transfer.capture(id(), hold, null)))
                .isInstanceOf(TransferResult.Forbidden.class);
        assertThat(bank.execute(owner("alice"), Transfer.voidHold(id(), hold)))
                .isInstanceOf(TransferResult.Forbidden.class);
        assertThat(bank.execute(owner("alice"), Transfer.reverse(id(), post)))
                .isInstanceOf(TransferResult.Forbidden.class);
        assertThat(bank.execute(owner("shop"), Transfer.expire(id(), hold)))
                .isInstanceOf(TransferResult.Forbidden.class);
        posted(bank.execute(owner("shop"), Transfer.reverse(id(), post)));
        posted(bank.execute(owner("shop"), Transfer.capture(id(), hold, 5L)));
        posted(bank.execute(owner("shop"), Transfer.voidHold(id(), hold)));
        // what was forbidden has left no trace
        posted(bank.execute(owner("alice"), theft));
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndLeavesNoTrace() {
        // Given
        Transfer big = pay(1_000);
        Transfer small = pay(10);

        // When
        List<TransferResult> would =
                Bank.await(bank.service.dryRun(new Submission(Bank.OPERATOR, List.of(big, small))));

        // Then
        assertThat(reason(would.getFirst())).isEqualTo(Reason.INSUFFICIENT_FUNDS);
        posted(would.getLast());
        assertThat(bank.balance(alice)).isEqualTo(100);
        posted(bank.execute(small));
    }
}
