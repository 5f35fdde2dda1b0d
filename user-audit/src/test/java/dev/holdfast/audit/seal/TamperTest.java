package dev.holdfast.audit.seal;

import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.audit.email.EmailChange;
import dev.holdfast.audit.email.EmailOp;
import dev.holdfast.audit.email.Journal;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever somebody with all rights changes of what is proven is found. */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperTest {
    private static final long VICTIM = 7;
    private static final Map<String, String> VICTIMS = Map.of(
            "email_event",
            "(user_id, version) = (SELECT user_id, version FROM tree_leaf WHERE leaf = %d)".formatted(VICTIM),
            "tree_leaf",
            "leaf = %d".formatted(VICTIM),
            "tree_node",
            "index = 0",
            "checkpoint",
            "size = (SELECT min(size) FROM checkpoint)");
    private static final Map<String, String> CHANGES = Map.of(
            "uuid", "gen_random_uuid()",
            "bigint", "%1$s + 1000",
            "smallint", "%1$s + 8",
            "timestamp with time zone", "coalesce(%1$s + interval '1 microsecond', recorded_at - interval '1 second')",
            "\"char\"", "'k'",
            "bytea", "set_byte(%1$s, 0, get_byte(%1$s, 0) # 1)",
            "text", "%1$s || 'x'");

    private Journal journal;
    private Tree tree;

    @BeforeAll
    void open() {
        journal = new Journal(TestSchema.create().migrate("db/platform", "db/migration"), 4);
        tree = new Tree(journal);
        UUID user = journal.register("a@example.org");
        for (int version = 1; version < 300; version++) {
            journal.append(journal.changed(user, version, "a%d@example.org".formatted(version)));
        }
        tree.sealAll();
    }

    @AfterAll
    void close() {
        journal.close();
    }

    static Stream<String> columns() {
        return Stream.of(
                "email_event.user_id uuid",
                "email_event.version bigint",
                "email_event.recorded_at timestamp with time zone",
                "email_event.valid_from timestamp with time zone",
                "email_event.event_id uuid",
                "email_event.op \"char\"",
                "email_event.address bytea",
                "email_event.actor text",
                "email_event.reason text",
                "email_event.source text",
                "email_event.hash bytea",
                "tree_leaf.leaf bigint",
                "tree_leaf.user_id uuid",
                "tree_leaf.version bigint",
                "tree_leaf.hash bytea",
                "tree_node.level smallint",
                "tree_node.index bigint",
                "tree_node.hash bytea",
                "checkpoint.size bigint",
                "checkpoint.root bytea",
                "checkpoint.note text");
    }

    @Test
    void theListOfColumnsIsWhole() {
        List<String> found = tree.query("""
                        SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, NULL)
                          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                         WHERE c.relnamespace = '%s'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
                           AND c.relname IN ('email_event', 'tree_leaf', 'tree_node', 'checkpoint')
                        """.formatted(journal.schema.name())).stream()
                .map(row -> row.getString(0))
                .toList();
        assertThat(columns()).containsExactlyInAnyOrderElementsOf(found);
    }

    @ParameterizedTest
    @MethodSource("columns")
    void aChangeOfAnyColumnIsFound(String column) {
        // Given
        String table = column.substring(0, column.indexOf('.'));
        String name = column.substring(column.indexOf('.') + 1, column.indexOf(' '));
        String change = CHANGES.get(column.substring(column.indexOf(' ') + 1)).formatted(name);
        journal.schema.executeAsAdmin("CREATE TABLE backup AS TABLE " + table);
        assertThat(await(tree.verification.run()).verified()).isTrue();

        // When
        journal.schema.executeAsAdmin(
                "UPDATE %s SET %s = %s WHERE %s".formatted(table, name, change, VICTIMS.get(table)));
        VerificationRepresentation found = await(tree.verification.run());
        journal.schema.executeAsAdmin(
                "DELETE FROM %1$s; INSERT INTO %1$s TABLE backup; DROP TABLE backup".formatted(table));

        // Then
        assertThat(found.verified()).isFalse();
        assertThat(found.detail()).isNotBlank();
        if (table.equals("email_event") || (table.equals("tree_leaf") && !name.equals("leaf"))) {
            assertThat(found.badLeaf()).as(found.detail()).isEqualTo(VICTIM);
        }
    }

    @Test
    void anEventThatIsGoneIsFound() {
        // Given
        journal.schema.executeAsAdmin("CREATE TABLE backup AS TABLE email_event");

        // When
        journal.schema.executeAsAdmin("DELETE FROM email_event WHERE " + VICTIMS.get("email_event"));
        VerificationRepresentation found = await(tree.verification.run());
        journal.schema.executeAsAdmin(
                "DELETE FROM email_event; INSERT INTO email_event TABLE backup; DROP TABLE backup");

        // Then
        assertThat(found.badLeaf()).as(found.detail()).isEqualTo(VICTIM);
    }

    @Test
    void aForgottenUsersEventsAreStillProven() {
        // Given
        UUID user = journal.register("forget-me@example.org");
        tree.sealAll();

        // When
        await(journal.transactions.inTransaction(connection -> journal.appender.end(
                connection,
                new EmailChange(user, 1, journal.ids.next(), EmailOp.ERASED, null, null, "an officer", null, "api"))));
        journal.schema.executeAsAdmin("DELETE FROM user_key WHERE user_id = '%s'".formatted(user));
        tree.sealAll();

        // Then
        assertThat(await(tree.verification.run()).verified()).isTrue();
        assertThat(await(tree.proofs.prove(user, 1))).isPresent();
    }
}
