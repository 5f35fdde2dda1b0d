package dev.holdfast.bench.audit;

import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own temporal table: a row per version and the range of time in which it held, kept apart by a primary key
 * {@code WITHOUT OVERLAPS}.
 *
 * <p>A change ends the current range and begins the next in one statement, which is one round trip and a transaction by
 * itself. Whoever waited for another change of the same user finds that the row no longer is the current one, changes
 * nothing and tries again.
 */
final class RangeHistory extends SqlHistory {
    private static final int ATTEMPTS_MAX = 1_000;

    private static final String TABLE = """
            CREATE TABLE email_range (
              user_id      bigint    NOT NULL,
              valid_during tstzrange NOT NULL,
              address      text      NOT NULL)
            """;
    private static final String FILL = """
            INSERT INTO email_range
            SELECT user_id,
                   tstzrange(recorded_at, lead(recorded_at) OVER (PARTITION BY user_id ORDER BY position)),
                   address
              FROM past
             ORDER BY position
            """;
    /** Of what is there already, since that is faster and gives the better tree. */
    private static final String KEY =
            "ALTER TABLE email_range ADD PRIMARY KEY (user_id, valid_during WITHOUT OVERLAPS)";

    /** Only a range without an end contains infinity, and the key finds it. */
    private static final String CHANGE = """
            WITH ended AS (
              UPDATE email_range
                 SET valid_during = tstzrange(lower(valid_during), clock_timestamp())
               WHERE user_id = ? AND valid_during @> timestamptz 'infinity'
              RETURNING user_id, upper(valid_during) AS at
            )
            INSERT INTO email_range SELECT user_id, tstzrange(at, NULL), ? FROM ended
            """;

    private static final String AS_OF = "SELECT address FROM email_range WHERE user_id = ? AND valid_during @> ?";

    private static final String BROKEN = """
            SELECT count(*)
              FROM (SELECT upper(valid_during) IS DISTINCT FROM lead(lower(valid_during)) OVER by_time AS broken
                      FROM email_range
                    WINDOW by_time AS (PARTITION BY user_id ORDER BY lower(valid_during))) AS version
             WHERE broken
            """;

    private RangeHistory(Schema schema, int connectionsMax) {
        super(schema, connectionsMax);
    }

    /** In place of whatever the schema had. */
    static RangeHistory filled(Servers servers, Past past, int connectionsMax) throws SQLException {
        var history = new RangeHistory(Schema.empty(servers, "audit"), connectionsMax);
        history.fill(past, List.of(TABLE, FILL, KEY), List.of("email_range"));
        return history;
    }

    @Override
    public void change(long user, String address) throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try (Connection connection = connect();
                    PreparedStatement change = connection.prepareStatement(CHANGE)) {
                change.setLong(1, user);
                change.setString(2, address);
                if (change.executeUpdate() == 1) {
                    return;
                }
            }
        }
        throw new IllegalStateException("User %d has no current address".formatted(user));
    }

    @Override
    public @Nullable String asOf(long user, Instant moment) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement read = connection.prepareStatement(AS_OF)) {
            read.setLong(1, user);
            read.setObject(2, moment.atOffset(ZoneOffset.UTC));
            try (ResultSet rows = read.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    @Override
    public long versions() throws SQLException {
        return number("SELECT count(*) FROM email_range");
    }

    @Override
    public long bytes() throws SQLException {
        return number("SELECT pg_total_relation_size('email_range')");
    }

    @Override
    public void check() throws SQLException {
        refuse(BROKEN);
    }

    @Override
    public String toString() {
        return "temporal ranges";
    }
}
