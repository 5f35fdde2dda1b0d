package dev.holdfast.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.util.PSQLException;

/** The three ways in which outboxes go wrong. Each test shows the usual variant failing, and ours beside it. */
@ExtendWith(HoldfastExtension.class)
class OutboxTrapsTest {

    /** Trap 1, the usual variant: remember the last id and read on from there. */
    private static final class CursorReader {
        private long last;

        List<Long> next(Connection connection) throws SQLException {
            List<Long> ids = ids(connection, "SELECT id FROM outbox WHERE id > %d ORDER BY id".formatted(last));
            if (!ids.isEmpty()) {
                last = ids.getLast();
            }
            return ids;
        }
    }

    /** Ours: what is visible and still here is due. Once read it is deleted. */
    private static final class PresenceReader {
        List<Long> next(Connection connection) throws SQLException {
            var claimed = new ArrayList<Long>();
            for (int shard = 0; shard < OutboxStore.SHARDS; shard++) {
                claimed.addAll(ids(connection, claim(shard)));
            }
            for (long id : claimed) {
                execute(connection, "DELETE FROM outbox WHERE id = " + id);
            }
            return claimed;
        }
    }

    @Test
    void aCursorLosesTheRowThatCommitsLateAndPresenceDoesNot(TestSchema schema) throws SQLException {
        // Given
        Things.in(schema);
        try (Connection slow = schema.connect();
                Connection quick = schema.connect();
                Connection reader = schema.connect()) {
            var cursor = new CursorReader();
            var presence = new PresenceReader();
            var seenByCursor = new ArrayList<Long>();
            var seenByPresence = new ArrayList<Long>();
            slow.setAutoCommit(false);
            Things.change(slow, "outbox", "slow");
            Things.change(quick, "outbox", "quick");

            // When
            seenByCursor.addAll(cursor.next(reader));
            seenByPresence.addAll(presence.next(reader));
            slow.commit();
            seenByCursor.addAll(cursor.next(reader));
            seenByPresence.addAll(presence.next(reader));

            // Then
            assertThat(seenByCursor).as("the late row is lost for ever").containsExactly(2L);
            assertThat(seenByPresence).containsExactlyInAnyOrder(2L, 1L);
        }
    }

    /** Trap 2, the usual cure for trap 1: wait for older transactions, then order by transaction. */
    private static final String HORIZON_TABLE = """
            CREATE TABLE horizon_outbox (LIKE outbox INCLUDING ALL, xid xid8 NOT NULL DEFAULT pg_current_xact_id());
            GRANT SELECT, INSERT ON horizon_outbox TO todo_app;
            """;

    private static final String HORIZON_READ = """
            SELECT aggregate_version FROM horizon_outbox
             WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, id
            """;

    @Test
    void aTransactionHorizonSwapsTwoVersionsAndLockingFirstDoesNot(TestSchema schema) throws SQLException {
        // Given a transaction that is numbered before its rival and changes the thing after it
        Things.in(schema).execute(HORIZON_TABLE);

        // When
        try (Connection numberedEarly = schema.connect();
                Connection rival = schema.connect();
                Connection reader = schema.connect()) {
            numberedEarly.setAutoCommit(false);
            execute(numberedEarly, "SELECT pg_current_xact_id()");
            Things.change(rival, "horizon_outbox", "by horizon");
            Things.change(rival, "outbox", "by lock");
            Things.change(numberedEarly, "horizon_outbox", "by horizon");
            Things.change(numberedEarly, "outbox", "by lock");
            numberedEarly.commit();

            // Then
            assertThat(ids(reader, HORIZON_READ)).as("version 2 leaves first").containsExactly(2L, 1L);
            List<Long> ours = IntStream.range(0, OutboxStore.SHARDS)
                    .boxed()
                    .flatMap(shard -> versions(reader, shard).stream())
                    .toList();
            assertThat(ours).containsExactly(1L, 2L);
        }
    }

    @Test
    void aLockPerTopicMakesWritersOfOtherThingsWaitAndTheOutboxDoesNot(TestSchema schema) throws SQLException {
        // Given
        Things.in(schema);
        String lockTopic = "SELECT pg_advisory_xact_lock(hashtext('topic of " + schema.name() + "'))";
        try (Connection first = schema.connect();
                Connection second = schema.connect()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            execute(second, "SET lock_timeout = '300ms'");

            // When both have changed different things and the first is still open
            Things.change(first, "outbox", "one thing");
            assertThatCode(() -> Things.change(second, "outbox", "another")).doesNotThrowAnyException();
            second.commit();
            execute(first, lockTopic);

            // Then
            assertThatThrownBy(() -> execute(second, lockTopic))
                    .as("the usual variant waits for the other's commit")
                    .isInstanceOfSatisfying(
                            PSQLException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
        }
    }

    /**
     * NOTIFY takes one lock for the whole server from before the commit record is written until after the commit is
     * complete. A commit that waits, here for a standby that does not exist, makes every other notifier wait.
     */
    @Test
    void notifyInTheTransactionMakesAllCommitsWaitAndTheOutboxDoesNot(TestSchema schema) throws Exception {
        // Given
        Things.in(schema);
        standby(schema, "nobody");
        try (Connection slow = schema.connect();
                Connection quick = schema.connect();
                var executor = Executors.newSingleThreadExecutor()) {
            slow.setAutoCommit(false);
            quick.setAutoCommit(false);
            execute(slow, "SET synchronous_commit = on");
            execute(quick, "SET synchronous_commit = local");
            execute(quick, "SET lock_timeout = '300ms'");
            quick.commit();

            // When one commit is under way and does not come to an end
            Things.change(slow, "outbox", "one thing");
            execute(slow, "NOTIFY things");
            var commit = executor.submit(() -> {
                slow.commit();
                return true;
            });
            try (Connection observer = schema.connect()) {
                Awaitility.await().until(() -> !ids(observer, """
                        SELECT pid FROM pg_locks WHERE locktype = 'object' AND database = 0 AND granted
                        """).isEmpty());
            }

            // Then
            execute(quick, "NOTIFY things");
            assertThatThrownBy(quick::commit).as("NOTIFY").isInstanceOf(PSQLException.class);
            quick.rollback();
            Things.change(quick, "outbox", "another");
            assertThatCode(quick::commit).as("the outbox").doesNotThrowAnyException();
            standby(schema, "");
            assertThat(commit.get()).isTrue();
        } finally {
            standby(schema, "");
        }
    }

    private static void standby(TestSchema schema, String names) {
        schema.executeAsAdmin("ALTER SYSTEM SET synchronous_standby_names = '%s'".formatted(names));
        schema.executeAsAdmin("SELECT pg_reload_conf()");
    }

    private static String claim(int shard) {
        return "SELECT id FROM outbox WHERE shard = %d ORDER BY id".formatted(shard);
    }

    private static List<Long> versions(Connection reader, int shard) {
        try {
            return ids(reader, claim(shard).replace("SELECT id", "SELECT aggregate_version"));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<Long> ids(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var ids = new ArrayList<Long>();
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
            return ids;
        }
    }
}
