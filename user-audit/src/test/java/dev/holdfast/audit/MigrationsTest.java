package dev.holdfast.audit;

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
    private static final String ADA = "0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f";
    private static final String BOB = "b5e3a6de-2d0b-4c5e-9f37-3d6f1f0c9b11";

    /** What an application of each version does, and finds again; each must also run on the schema of the next version. */
    private static final List<List<String>> APPLICATIONS = List.of(
            List.of(
                    "INSERT INTO users (id, name) VALUES (gen_random_uuid(), 'New')",
                    "UPDATE users SET name = 'Ada' WHERE id = '%s'".formatted(ADA),
                    "SELECT 1 / (count(*) FILTER (WHERE name = 'Ada'))::int FROM users"),
            List.of(
                    "INSERT INTO users (id, name, email, phone_number) VALUES (gen_random_uuid(), 'New', 'new@example.org', '+442079460000')",
                    "UPDATE users SET email = 'ada@example.org' WHERE id = '%s'".formatted(ADA),
                    "SELECT 1 / (count(*) FILTER (WHERE email = 'ada@example.org'))::int FROM users"),
            List.of(
                    "INSERT INTO users (id, name, created_at) VALUES (gen_random_uuid(), 'New', now())",
                    "SELECT 1 / (count(*) FILTER (WHERE created_at IS NOT NULL) = count(*))::int FROM users"),
            List.of(
                    "INSERT INTO users (id, full_name) VALUES (gen_random_uuid(), 'New')",
                    "UPDATE users SET full_name = 'Ada Lovelace' WHERE id = '%s'".formatted(ADA),
                    "SELECT 1 / (count(*) FILTER (WHERE full_name = 'Ada Lovelace'))::int FROM users"),
            List.of(
                    "INSERT INTO users (id, full_name, preferences, address_street, address_postal_code, address_city, address_country)"
                            + " VALUES (gen_random_uuid(), 'New', '{\"language\":\"en\"}', 'Street 1', '1', 'London', 'GB')",
                    "UPDATE users SET version = version + 1 WHERE id = '%s'".formatted(ADA),
                    "SELECT 1 / (count(*) FILTER (WHERE version > 1))::int FROM users"));

    private static final List<String> VERSIONS = List.of("1", "2", "3", "4", "5", "6");
    private static final List<String> UNDO = List.of(
            "U13__retention.sql",
            "U12__an_id_is_known_for_eight_versions.sql",
            "U11__packs_look_up_leaves.sql",
            "U10_1__single_append_goes.sql",
            "U10__appends_in_batches.sql",
            "U9__packs.sql",
            "U8__erasure.sql",
            "U7__proof.sql",
            "U6_2__email_goes.sql",
            "U6__email_history.sql",
            "U5__preferences_and_address.sql",
            "U4_1__name_goes.sql",
            "U4__full_name.sql",
            "U3__created_at.sql",
            "U2__email_and_phone_number.sql",
            "U1__users.sql");

    private static String[] undo(int from) {
        return UNDO.subList(from, UNDO.size()).stream()
                .map(script -> SERVICE + "/" + script)
                .toArray(String[]::new);
    }

    @Test
    void goUpDownAndUpAgainToTheSameCatalogue(TestSchema schema) {
        // Given
        List<String> before = schema.catalogue();
        List<String> migrated = schema.migrate(PLATFORM, SERVICE).catalogue();

        // When
        schema.undo(undo(0)).undo(PLATFORM + "/U0_2__outbox_sent.sql", PLATFORM + "/U0_1__outbox_inbox_lease.sql");

        // Then
        assertThat(schema.catalogue()).isEqualTo(before);
        assertThat(schema.migrate(PLATFORM, SERVICE).catalogue())
                .isEqualTo(migrated)
                .hasSizeGreaterThan(50);
    }

    /** An application of the version before runs on each version, and what it wrote is seen by that version's own. */
    @Test
    void eachVersionServesTheApplicationBeforeIt(TestSchema schema) {
        schema.migrateTo("1", PLATFORM, SERVICE);
        schema.execute("INSERT INTO users VALUES ('%s', 'Ada'), ('%s', 'Bob')".formatted(ADA, BOB));
        for (int version = 0; version < APPLICATIONS.size(); version++) {
            // When
            schema.migrateTo(VERSIONS.get(version), PLATFORM, SERVICE);
            if (version > 0) {
                APPLICATIONS.get(version - 1).forEach(schema::execute);
            }

            // Then
            APPLICATIONS.get(version).forEach(schema::execute);
        }
        // an application of version 5 beside the history
        schema.migrateTo("6", PLATFORM, SERVICE);
        APPLICATIONS.getLast().forEach(schema::execute);
    }

    @Test
    void createdAtIsFilledFromIdsThatTellAndNoNameIsLost(TestSchema schema) {
        // Given
        schema.migrateTo("2", PLATFORM, SERVICE);
        schema.execute("INSERT INTO users (id, name) VALUES ('%s', 'Ada'), ('%s', 'Bob')".formatted(ADA, BOB));

        // When
        schema.migrateTo("4.1", PLATFORM, SERVICE);

        // Then
        schema.execute(
                "SELECT 1 / (count(*))::int FROM users WHERE created_at = '2025-06-27T09:46:54.607Z' AND full_name = 'Ada'");
        schema.execute(
                "SELECT 1 / (count(*))::int FROM users WHERE created_at > now() - interval '1 minute' AND full_name = 'Bob'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE email_event SET actor = 'x'",
                "DELETE FROM email_event",
                "UPDATE email_read SET purpose = 'x'",
                "DELETE FROM email_read",
                "UPDATE tree_leaf SET version = 1",
                "DELETE FROM tree_leaf",
                "UPDATE tree_node SET level = 8",
                "UPDATE checkpoint SET note = ''",
                "DELETE FROM checkpoint",
                "DELETE FROM legal_hold",
                "DELETE FROM email_pack",
                "UPDATE email_pack SET body = ''",
                "INSERT INTO email_pack SELECT * FROM email_pack",
                "DELETE FROM email_current",
                "UPDATE erasure SET requested_by = 'x'",
                "UPDATE outbox SET payload = ''",
                "DROP TABLE email_event",
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
