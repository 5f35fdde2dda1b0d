package dev.holdfast.audit.key;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** The statements of a rotation. */
final class KeyStore {
    private static final String OUTDATED = """
            SELECT user_id, key_id, wrapped FROM user_key WHERE key_id <> $1 AND user_id > $2 ORDER BY user_id LIMIT $3
            """;
    private static final String REPLACE = """
            UPDATE user_key SET key_id = $3, wrapped = $4 WHERE user_id = $1 AND key_id = $2
            """;

    private KeyStore() {}

    /** A user's key that another wraps than the current one. */
    record Outdated(UUID user, WrappedKey key) {}

    /** Of users behind this one, in the order of their ids. */
    static Uni<List<Outdated>> outdated(SqlClient client, String current, UUID after, int limit) {
        return client.preparedQuery(OUTDATED)
                .execute(Tuple.of(current, after, limit))
                .map(rows -> rows.stream()
                        .map(row -> new Outdated(
                                row.getUUID("user_id"),
                                new WrappedKey(
                                        row.getString("key_id"),
                                        row.getBuffer("wrapped").getBytes())))
                        .toList());
    }

    /** Without effect when somebody else has done so, or the user is forgotten meanwhile. */
    static Uni<Void> replace(SqlClient client, UUID user, WrappedKey before, WrappedKey after) {
        return client.preparedQuery(REPLACE)
                .execute(Tuple.of(user, before.wrappedBy(), after.wrappedBy(), Buffer.buffer(after.bytes())))
                .replaceWithVoid();
    }
}
