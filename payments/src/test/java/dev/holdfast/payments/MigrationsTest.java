package dev.holdfast.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(HoldfastExtension.class)
class MigrationsTest {
    private static final String PLATFORM = "db/platform";
    private static final String SERVICE = "db/migration";

    @Test
    void goUpDownAndUpAgainToTheSameCatalogue(TestSchema schema) {
        // Given
        List<String> before = schema.catalogue();
        List<String> migrated = schema.migrate(PLATFORM, SERVICE).catalogue();

        // When
        schema.undo(
                SERVICE + "/U2__conservation_proof.sql",
                SERVICE + "/U1__accounts_and_transfers.sql",
                PLATFORM + "/U0_2__outbox_sent.sql",
                PLATFORM + "/U0_1__outbox_inbox_lease.sql");

        // Then
        assertThat(schema.catalogue()).isEqualTo(before);
        assertThat(schema.migrate(PLATFORM, SERVICE).catalogue())
                .isEqualTo(migrated)
                .hasSizeGreaterThan(50);
    }

    @Test
    void theLaboratoryGoesUpAndDownByItself(TestSchema schema) {
        // Given
        List<String> before = schema.catalogue();

        // When
        schema.migrate("db/lab").undo("db/lab/U1__race_laboratory.sql");

        // Then
        assertThat(schema.catalogue()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM account",
                "UPDATE account SET currency = 'USD'",
                "UPDATE transfer SET amount = 1",
                "DELETE FROM transfer",
                "UPDATE refusal SET reason = ''",
                "DELETE FROM refusal",
                "DELETE FROM hold",
                "UPDATE hold SET expires_at = now()",
                "DELETE FROM reversal",
                "UPDATE operator_action SET subject = ''",
                "DELETE FROM operator_action",
                "DELETE FROM proof_mark",
                "UPDATE outbox SET payload = ''",
                "DROP TABLE transfer",
                "CREATE TABLE mine ()"
            })
    void theRunningServiceMayDoNoMoreThanItMust(String statement, TestSchema schema) {
        // Given
        Pool pool = schema.migrate(PLATFORM, SERVICE).openPool(1);

        // When / Then
        assertThatThrownBy(() -> pool.query(statement).execute().await().atMost(Duration.ofSeconds(10)))
                .hasMessageContaining("42501");
        pool.closeAndForget();
    }

    @Test
    void monthsOfIdsHavePartitionsOfTheirOwn(TestSchema schema) {
        // Given
        Pool pool = schema.migrate(PLATFORM, SERVICE).openPool(1);

        // When
        List<String> made = pool
                .query("SELECT * FROM keep_transfer_partitions(current_date, 4)")
                .execute()
                .await()
                .atMost(Duration.ofSeconds(10))
                .stream()
                .map(row -> row.getString(0))
                .toList();

        // Then the migration has made three of them
        assertThat(made).hasSize(2);
        pool.closeAndForget();
    }
}
