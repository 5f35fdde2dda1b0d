package dev.holdfast.product;

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
                SERVICE + "/U6__snapshots.sql",
                SERVICE + "/U5__quarantine_workflow.sql",
                SERVICE + "/U4__orders.sql",
                SERVICE + "/U3__archive.sql",
                SERVICE + "/U2__gtins_history_receipts.sql",
                SERVICE + "/U1__products_and_feed_positions.sql",
                PLATFORM + "/U0_2__outbox_sent.sql",
                PLATFORM + "/U0_1__outbox_inbox_lease.sql");

        // Then
        assertThat(schema.catalogue()).isEqualTo(before);
        assertThat(schema.migrate(PLATFORM, SERVICE).catalogue())
                .isEqualTo(migrated)
                .hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM product",
                "DELETE FROM feed_partition",
                "UPDATE quarantine SET reason = ''",
                "UPDATE quarantine SET raw = ''",
                "DELETE FROM quarantine",
                "UPDATE quarantine_audit SET subject = ''",
                "DELETE FROM quarantine_audit",
                "UPDATE feed_audit SET subject = ''",
                "DELETE FROM feed_audit",
                "DELETE FROM snapshot",
                "UPDATE outbox SET payload = ''",
                "DELETE FROM orders",
                "UPDATE orders SET total_minor = 0",
                "UPDATE order_line SET name = ''",
                "DELETE FROM order_status_change",
                "UPDATE order_refund SET amount_minor = 0",
                "DROP TABLE product",
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
}
