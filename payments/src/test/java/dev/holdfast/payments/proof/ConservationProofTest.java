package dev.holdfast.payments.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.payments.transfer.TransferFixture;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(HoldfastExtension.class)
class ConservationProofTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private TransferFixture bank;
    private ConservationProof proof;
    private long alice;
    private long shop;

    private record Few(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    @BeforeEach
    void open(TestSchema schema) {
        bank = new TransferFixture(schema);
        var retry = new TransactionRetry(new Few(5, Duration.ofMillis(1), Duration.ofMillis(10)), new Random(), meters);
        proof = new ConservationProof(new Transactions(bank.pool(), retry), Clock.systemUTC(), meters);
        alice = bank.account("alice");
        shop = bank.account("shop");
        bank.move(bank.world(), alice, 100, null);
        bank.holdAndCapture(alice, shop, 50, 20);
    }

    @AfterEach
    void close() {
        bank.close();
    }

    private ProofReport run() {
        return proof.run().await().atMost(Duration.ofSeconds(30)).orElseThrow();
    }

    private boolean isFrozen(long account) {
        return bank.pool()
                .query("SELECT frozen FROM account WHERE id = " + account)
                .execute()
                .await()
                .atMost(Duration.ofSeconds(10))
                .iterator()
                .next()
                .getBoolean(0);
    }

    @Test
    void readsEachEntryOnce() {
        // When
        ProofReport first = run();
        ProofReport second = run();
        bank.move(alice, shop, 1, null);
        ProofReport third = run();

        // Then
        assertThat(first.violations()).isEmpty();
        assertThat(first.newEntries()).isEqualTo(6);
        assertThat(second.changedAccounts()).isZero();
        assertThat(third.newEntries()).isEqualTo(2);
        assertThat(third.violations()).isEmpty();
        assertThat(meters.get("holdfast.payments.proof.age").gauge().value()).isLessThan(30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE account SET credits_posted = credits_posted + 1 WHERE id = %d",
                "UPDATE account SET debits_posted = debits_posted + 1 WHERE id = %d",
                "UPDATE account SET debits_pending = debits_pending + 1 WHERE id = %d",
                "UPDATE account SET entries = entries + 1 WHERE id = %d",
                "DELETE FROM transfer WHERE debit_account = %d AND kind = 'c'",
                "UPDATE transfer SET amount = amount + 1 WHERE debit_account = %d AND kind = 'c'",
                "UPDATE transfer SET debit_balance = debit_balance + 1 WHERE debit_account = %d AND kind = 'c'",
                "UPDATE transfer SET debit_seq = debit_seq + 5 WHERE debit_account = %d AND kind = 'c'"
            })
    void findsWhateverDoesNotAddUpAndFreezesThatAccount(String tampering) {
        // Given
        bank.schema().execute(tampering.formatted(alice));

        // When
        ProofReport report = run();

        // Then
        assertThat(report.violations().stream().map(Violation::account)).contains(alice);
        assertThat(isFrozen(alice)).isTrue();
        assertThat(isFrozen(bank.world())).isFalse();
        assertThat(meters.get("holdfast.payments.proof.violations").gauge().value())
                .isPositive();
        assertThat(run().violations()).isNotEmpty();
    }

    @Test
    void findsWhatWasAlteredAfterItWasProven() {
        // Given
        run();
        bank.schema().execute("UPDATE account SET credits_posted = credits_posted + 7 WHERE id = " + alice);

        // When
        ProofReport report = run();

        // Then
        assertThat(report.violations()).hasSize(2);
        assertThat(isFrozen(alice)).isTrue();
        assertThat(isFrozen(shop)).isFalse();
    }
}
