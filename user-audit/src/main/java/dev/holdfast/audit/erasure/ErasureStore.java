package dev.holdfast.audit.erasure;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statements of forgetting. */
final class ErasureStore {
    /** Before all else, as everybody who changes a user does. */
    private static final String LOCK = """
            SELECT version, hold, hash FROM email_current WHERE user_id = $1 FOR NO KEY UPDATE
            """;

    private static final String REQUEST = """
            INSERT INTO erasure (user_id, requested_by) VALUES ($1, $2) ON CONFLICT DO NOTHING
            """;
    private static final String FIND = """
            SELECT requested_by, requested_at, confirmed_by, erased_at, certificate FROM erasure WHERE user_id = $1
            """;
    private static final String WITHDRAW = "DELETE FROM erasure WHERE user_id = $1 AND erased_at IS NULL";
    private static final String CONFIRM = """
            UPDATE erasure SET confirmed_by = $2, erased_at = $3, certificate = $4 WHERE user_id = $1
            """;
    private static final List<String> FORGET = List.of(
            "DELETE FROM user_key WHERE user_id = $1",
            "DELETE FROM email_holder WHERE user_id = $1",
            "DELETE FROM users WHERE id = $1");
    private static final String SET_HOLD = "UPDATE email_current SET hold = $2 WHERE user_id = $1";
    private static final String NOTE_HOLD = """
            INSERT INTO legal_hold (user_id, held, set_by, reason) VALUES ($1, $2, $3, $4)
            """;
    private static final String HOLD_REASON = """
            SELECT reason FROM legal_hold WHERE user_id = $1 ORDER BY set_at DESC LIMIT 1
            """;

    private ErasureStore() {}

    /** The end of a user's history, which stays it until the transaction ends. */
    record Locked(long version, boolean hold) {}

    static Uni<Optional<Locked>> lock(SqlConnection connection, UUID user) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(user))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Locked(row.getLong("version"), row.getBoolean("hold"))));
    }

    static Uni<Void> request(SqlConnection connection, UUID user, String by) {
        return connection.preparedQuery(REQUEST).execute(Tuple.of(user, by)).replaceWithVoid();
    }

    static Uni<Optional<ErasureResult.State>> find(SqlClient client, UUID user) {
        return client.preparedQuery(FIND).execute(Tuple.of(user)).map(ErasureStore::first);
    }

    private static Optional<ErasureResult.State> first(RowSet<Row> rows) {
        return rows.stream().findFirst().map(row -> {
            OffsetDateTime erasedAt = row.getOffsetDateTime("erased_at");
            return new ErasureResult.State(
                    row.getString("requested_by"),
                    row.getOffsetDateTime("requested_at").toInstant(),
                    row.getString("confirmed_by"),
                    erasedAt == null ? null : erasedAt.toInstant(),
                    row.getString("certificate"));
        });
    }

    /** False when there is nothing to withdraw. */
    static Uni<Boolean> withdraw(SqlConnection connection, UUID user) {
        return connection.preparedQuery(WITHDRAW).execute(Tuple.of(user)).map(rows -> rows.rowCount() == 1);
    }

    static Uni<Void> confirm(SqlConnection connection, UUID user, String by, Instant erasedAt, String certificate) {
        return connection
                .preparedQuery(CONFIRM)
                .execute(Tuple.of(user, by, erasedAt.atOffset(ZoneOffset.UTC), certificate))
                .replaceWithVoid();
    }

    /** The key, whatever finds the user by an address, and the profile. */
    static Uni<Void> forget(SqlConnection connection, UUID user) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (String statement : FORGET) {
            all = all.chain(() ->
                    connection.preparedQuery(statement).execute(Tuple.of(user)).replaceWithVoid());
        }
        return all;
    }

    static Uni<Void> hold(SqlConnection connection, UUID user, boolean held, String by, String reason) {
        return connection
                .preparedQuery(SET_HOLD)
                .execute(Tuple.of(user, held))
                .chain(() -> connection.preparedQuery(NOTE_HOLD).execute(Tuple.of(user, held, by, reason)))
                .replaceWithVoid();
    }

    static Uni<String> holdReason(SqlConnection connection, UUID user) {
        return connection
                .preparedQuery(HOLD_REASON)
                .execute(Tuple.of(user))
                .map(rows -> rows.iterator().next().getString("reason"));
    }
}
