package dev.holdfast.media.sweep;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.BlobColumns;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The statements of a sweep. */
final class SweepStore {
    /** With what else is known of those that go on after a break. */
    private static final String EXPIRE = """
            WITH forgotten AS (DELETE FROM resumable_upload WHERE expires_at <= $1)
            DELETE FROM upload_intent WHERE expires_at <= $1
            """;

    private static final String EXPIRED = "SELECT count(*) AS count FROM upload_intent WHERE expires_at <= $1";

    /** One statement, so one snapshot: it sees the intent or the blob that has replaced it. */
    private static final String OWNED = """
            SELECT id FROM upload_intent WHERE id = ANY ($1)
            UNION ALL
            SELECT id FROM blob WHERE id = ANY ($1) AND copy_id IS NULL AND backend = $2
            UNION ALL
            SELECT copy_id AS id FROM blob WHERE copy_id = ANY ($1) AND backend = $2
            """;

    private static final String LIVE = "SELECT sha256 FROM blob WHERE sha256 = ANY ($1) AND state = 'l'";
    private static final String ANNOUNCED = "SELECT id FROM upload_intent WHERE id = ANY ($1)";
    private static final String UNUSED = """
            SELECT id, size FROM blob WHERE state = 'l' AND id > $1 AND NOT EXISTS (SELECT FROM media_ref WHERE blob_id = blob.id)
             ORDER BY id LIMIT $2
            """;

    private static final String LOCK =
            "SELECT id FROM blob WHERE id = ANY ($1) AND state = 'l' ORDER BY id FOR UPDATE SKIP LOCKED";

    /** To be sent when the rows are locked: a statement sees what committed before it began. */
    private static final String CONDEMN = """
            UPDATE blob SET state = 'c'
             WHERE id = ANY ($1) AND state = 'l' AND NOT EXISTS (SELECT FROM media_ref WHERE blob_id = blob.id)
            RETURNING id
            """;

    private static final String CONDEMNED = """
            SELECT id, sha256, size, backend, coalesce(copy_id, id) AS copy_id FROM blob
             WHERE state = 'c' AND id > $1 ORDER BY id LIMIT $2
            """;
    private static final String DELETE =
            "DELETE FROM blob WHERE id = ANY ($1) AND state = 'c' RETURNING %s".formatted(BlobColumns.NAMES);
    private static final String IS_HELD = "SELECT EXISTS (SELECT FROM backup_hold WHERE expires_at > $1) AS held";

    private static final String HOLD = "INSERT INTO backup_hold (id, expires_at) VALUES ($1, $2)";
    private static final String RELEASE = "DELETE FROM backup_hold WHERE id = $1 RETURNING expires_at > $2 AS held";

    private SweepStore() {}

    /** How many. */
    static Uni<Long> expire(SqlClient client, Instant now) {
        return client.preparedQuery(EXPIRE)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> (long) rows.rowCount());
    }

    static Uni<Long> expired(SqlClient client, Instant now) {
        return client.preparedQuery(EXPIRED)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next().getLong("count"));
    }

    /** Those of these copies that an intent or a blob in this store owns. */
    static Uni<Set<UUID>> owned(SqlClient client, Backend backend, List<UUID> ids) {
        return client.preparedQuery(OWNED)
                .execute(Tuple.of(ids.toArray(UUID[]::new), name(backend)))
                .map(SweepStore::ids);
    }

    /** Those of them that a live blob has. */
    static Uni<Set<Sha256>> live(SqlClient client, List<Sha256> hashes) {
        return client.preparedQuery(LIVE)
                .execute(Tuple.of((Object)
                        hashes.stream().map(hash -> Buffer.buffer(hash.bytes())).toArray(Buffer[]::new)))
                .map(rows -> rows.stream()
                        .map(row -> Sha256.ofBytes(row.getBuffer("sha256").getBytes()))
                        .collect(Collectors.toSet()));
    }

    /** Those of them that have an intent. */
    static Uni<Set<UUID>> announced(SqlClient client, List<UUID> ids) {
        return client.preparedQuery(ANNOUNCED)
                .execute(Tuple.of((Object) ids.toArray(UUID[]::new)))
                .map(SweepStore::ids);
    }

    /** A blob that nobody uses. */
    record Unused(UUID id, long size) {}

    /** Behind this one, in the order of their ids. */
    static Uni<List<Unused>> unused(SqlClient client, UUID after, int limit) {
        return client.preparedQuery(UNUSED)
                .execute(Tuple.of(after, limit))
                .map(rows -> rows.stream()
                        .map(row -> new Unused(row.getUUID("id"), row.getLong("size")))
                        .toList());
    }

    /** Those of them that are live and that nobody is attaching to just now; they stay so until the transaction ends. */
    static Uni<Set<UUID>> lock(SqlConnection connection, List<UUID> ids) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of((Object) ids.toArray(UUID[]::new)))
                .map(SweepStore::ids);
    }

    /** Those of the locked ones that nobody uses. */
    static Uni<Set<UUID>> condemn(SqlConnection connection, Set<UUID> locked) {
        return connection
                .preparedQuery(CONDEMN)
                .execute(Tuple.of((Object) locked.toArray(UUID[]::new)))
                .map(SweepStore::ids);
    }

    /** A blob whose bytes are to go. */
    record Condemned(BlobRef ref, Backend backend) {}

    /** Behind this one, in the order of their ids. */
    static Uni<List<Condemned>> condemned(SqlClient client, UUID after, int limit) {
        return client.preparedQuery(CONDEMNED)
                .execute(Tuple.of(after, limit))
                .map(rows -> rows.stream().map(SweepStore::toCondemned).toList());
    }

    private static Condemned toCondemned(Row row) {
        return new Condemned(
                BlobColumns.toRef(row), Backend.valueOf(row.getString("backend").toUpperCase(Locale.ROOT)));
    }

    /** Those of them that were still there. */
    static Uni<List<Blob>> delete(SqlConnection connection, List<Condemned> condemned) {
        return connection
                .preparedQuery(DELETE)
                .execute(Tuple.of(
                        (Object) condemned.stream().map(one -> one.ref().id()).toArray(UUID[]::new)))
                .map(rows -> rows.stream().map(BlobColumns::toBlob).toList());
    }

    static Uni<Boolean> isHeld(SqlClient client, Instant now) {
        return client.preparedQuery(IS_HELD)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next().getBoolean("held"));
    }

    static Uni<Void> hold(SqlClient client, BackupHolds.Hold hold) {
        return client.preparedQuery(HOLD)
                .execute(Tuple.of(hold.id(), hold.expiresAt().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** True when it has lasted until now. */
    static Uni<Boolean> release(SqlClient client, UUID id, Instant now) {
        return client.preparedQuery(RELEASE)
                .execute(Tuple.of(id, now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.stream().anyMatch(row -> row.getBoolean("held")));
    }

    private static Set<UUID> ids(RowSet<Row> rows) {
        return rows.stream().map(row -> row.getUUID("id")).collect(Collectors.toSet());
    }

    private static String name(Backend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
    }
}
