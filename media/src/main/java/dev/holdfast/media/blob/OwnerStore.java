package dev.holdfast.media.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * The statements about owners who are gone.
 *
 * <p>Whoever adds a reference shares the lock of its owner, and has looked for a tombstone since, in a statement of its own; whoever
 * erases an owner has the lock alone, and then drops what is there. So one of the two waits, and then sees what the other did. The
 * locks are advisory, because an owner has no row before it has a tombstone. Owners whose hashes are the same wait for each other,
 * which does no harm.
 */
final class OwnerStore {
    private static final String LOCK = """
            SELECT pg_advisory_xact_lock%s('erased_owner'::regclass::oid::int, hashtext($1::text || ':' || $2::text))
            """;
    private static final String SHARE = LOCK.formatted("_shared");
    private static final String LOCK_ALONE = LOCK.formatted("");
    private static final String IS_ERASED = """
            SELECT EXISTS (SELECT FROM erased_owner WHERE owner_type = $1 AND owner_id = $2) AS erased
            """;

    private static final String ERASE = """
            INSERT INTO erased_owner (owner_type, owner_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
            """;
    private static final String DROP = "DELETE FROM media_ref WHERE owner_type = $1 AND owner_id = $2";
    private static final String DROP_OLD = DROP + " AND attached_at <= $3";
    /** With what is known of those that go on after a break: their metadata may name people. */
    private static final String GIVE_UP = """
            WITH forgotten AS (DELETE FROM resumable_upload WHERE subject = $1)
            DELETE FROM upload_intent WHERE owner = $1
            """;

    private OwnerStore() {}

    /** True when the owner has been erased; otherwise it cannot be before this transaction ends. */
    static Uni<Boolean> enter(SqlConnection connection, Reference reference) {
        Tuple owner = Tuple.of(reference.ownerType(), reference.ownerId());
        return connection
                .preparedQuery(SHARE)
                .execute(owner)
                .chain(() -> connection.preparedQuery(IS_ERASED).execute(owner))
                .map(rows -> rows.iterator().next().getBoolean("erased"));
    }

    /** Leaves a tombstone. Nobody adds a reference to this owner from now on. */
    static Uni<Void> erase(SqlConnection connection, String ownerType, String ownerId) {
        Tuple owner = Tuple.of(ownerType, ownerId);
        return connection
                .preparedQuery(LOCK_ALONE)
                .execute(owner)
                .chain(() -> connection.preparedQuery(ERASE).execute(owner))
                .replaceWithVoid();
    }

    /** How many. */
    static Uni<Integer> drop(SqlConnection connection, String ownerType, String ownerId) {
        return connection
                .preparedQuery(DROP)
                .execute(Tuple.of(ownerType, ownerId))
                .map(rows -> rows.rowCount());
    }

    /** How many. */
    static Uni<Integer> drop(SqlConnection connection, String ownerType, String ownerId, Instant attachedUntil) {
        return connection
                .preparedQuery(DROP_OLD)
                .execute(Tuple.of(ownerType, ownerId, attachedUntil.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    /** All that somebody is uploading, for whomever. */
    static Uni<Void> giveUp(SqlConnection connection, String uploader) {
        return connection.preparedQuery(GIVE_UP).execute(Tuple.of(uploader)).replaceWithVoid();
    }
}
