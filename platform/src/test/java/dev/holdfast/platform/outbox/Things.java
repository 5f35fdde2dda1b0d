package dev.holdfast.platform.outbox;

import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An aggregate to try the outbox with: a table of things that only have a version. */
final class Things {
    static final String CREATE = """
            CREATE TABLE thing (id text PRIMARY KEY, version bigint NOT NULL);
            GRANT SELECT, INSERT, UPDATE ON thing TO todo_app;
            """;
    private static final String BUMP = """
            INSERT INTO thing VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET version = thing.version + 1 RETURNING version
            """;

    private Things() {}

    static TestSchema in(TestSchema schema) {
        schema.migrate("db/platform").execute(CREATE);
        return schema;
    }

    static OutboxEvent event(String topic, String id, long version) {
        return event(topic, id, version, "{\"version\":%d}".formatted(version));
    }

    static OutboxEvent event(String topic, String id, long version, String payload) {
        return OutboxEvent.of(UUID.randomUUID(), topic, "thing.changed", id, version, Instant.now(), payload);
    }

    /** A change as the house makes it: the version first, and with it the row's lock; then the event. */
    static Uni<Void> change(SqlConnection connection, Outbox outbox, String topic, String id) {
        return connection
                .preparedQuery(BUMP)
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next().getLong(0))
                .chain(version -> outbox.append(connection, List.of(event(topic, id, version))));
    }

    /** The same by JDBC, for tests that hold a transaction open. */
    static void change(Connection connection, String outboxTable, String id) throws SQLException {
        try (var bump = connection.prepareStatement(BUMP.replace("$1", "?"));
                var append = connection.prepareStatement(("INSERT INTO %s (event_id, topic, type, aggregate_id,"
                                + " aggregate_version, occurred_at, payload)"
                                + " VALUES (gen_random_uuid(), 't', 'thing.changed', ?, ?, clock_timestamp(), '{}')")
                        .formatted(outboxTable))) {
            bump.setString(1, id);
            try (var version = bump.executeQuery()) {
                version.next();
                append.setString(1, id);
                append.setLong(2, version.getLong(1));
                append.executeUpdate();
            }
        }
    }
}
