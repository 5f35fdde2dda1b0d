package dev.holdfast.media.blob;

import dev.holdfast.media.store.Backend;
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
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The statements of publishing and attaching.
 *
 * <p>Whoever adds a reference holds the blob's row {@code FOR KEY SHARE}, and has seen it live; whoever condemns it holds it
 * {@code FOR UPDATE}, and looks for references in a statement of its own afterwards. So one of the two waits, and then sees what the
 * other did.
 *
 * <p>Whoever adds a reference holds its owner, too, from when it is counted what the owner has; nobody waits for an intent, a blob's
 * key or an owner after that. So an owner never has more than its quota, and what is counted is what is there: nothing has to be kept
 * in step when references go.
 */
final class PublishingStore {
    private static final String ANNOUNCE = "INSERT INTO upload_intent (id, owner, expires_at) VALUES ($1, $2, $3)";
    private static final String GIVE_UP = "DELETE FROM upload_intent WHERE id = $1";
    private static final String LIVE =
            "SELECT %s FROM blob WHERE sha256 = $1 AND state = 'l'".formatted(BlobColumns.NAMES);
    private static final String LIVE_OF_ID =
            "SELECT %s FROM blob WHERE id = $1 AND state = 'l'".formatted(BlobColumns.NAMES);
    private static final String LOCK_SAME_BYTES =
            "SELECT %s FROM blob WHERE sha256 = $1 AND state = 'l' FOR KEY SHARE".formatted(BlobColumns.NAMES);
    private static final String LOCK =
            "SELECT %s FROM blob WHERE id = $1 AND state = 'l' FOR KEY SHARE".formatted(BlobColumns.NAMES);

    /** Waits for whoever inserts the same bytes at the same time, and then does nothing. */
    private static final String INSERT = """
            INSERT INTO blob (id, sha256, size, media_type, width, height, backend) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (sha256) WHERE state = 'l' DO NOTHING
            """;

    /** Does nothing when somebody else has replaced it meanwhile; does not wait for those who attach, nor they for it. */
    private static final String REPLACE = """
            UPDATE blob SET copy_id = $2, backend = $3, former_copy_id = $4, former_backend = backend
             WHERE id = $1 AND coalesce(copy_id, id) = $4 AND state = 'l'
            """;

    private static final String TAKE_BACK = "DELETE FROM blob WHERE id = $1";

    /** Two owners may share a number; they wait for each other then, and nothing else. */
    private static final String LOCK_OWNER =
            "SELECT pg_advisory_xact_lock('media_ref'::regclass::oid::int, hashtext($1 || ' ' || $2))";

    private static final String USE = """
            SELECT count(*) AS images, coalesce(sum(size), 0)::bigint AS bytes FROM media_ref JOIN blob ON blob.id = blob_id
             WHERE owner_type = $1 AND owner_id = $2
            """;

    /**
     * To be sent when the owner is locked: a statement sees what committed before it began. Who refers once more does so now: what tells
     * late that the owner had ended before leaves it.
     */
    private static final String REFER = """
            WITH used AS (
              SELECT count(*) AS images, coalesce(sum(size), 0)::bigint AS bytes
                FROM media_ref JOIN blob ON blob.id = blob_id
               WHERE owner_type = $1 AND owner_id = $2
            ), renewed AS (
              UPDATE media_ref SET attached_at = clock_timestamp()
               WHERE owner_type = $1 AND owner_id = $2 AND role = $3 AND blob_id = $4
              RETURNING blob_id
            ), added AS (
              INSERT INTO media_ref (owner_type, owner_id, role, blob_id)
              SELECT $1, $2, $3, $4 FROM used WHERE NOT EXISTS (SELECT FROM renewed) AND images < $5 AND bytes <= $6
              RETURNING blob_id
            )
            SELECT images, bytes, EXISTS (SELECT FROM renewed) AS already, EXISTS (SELECT FROM added) AS added FROM used
            """;

    private static final String IS_REFERRED = """
            SELECT EXISTS (SELECT FROM media_ref WHERE owner_type = $1 AND owner_id = $2 AND role = $3 AND blob_id = $4) AS referred
            """;
    private static final String DETACH = """
            DELETE FROM media_ref WHERE owner_type = $1 AND owner_id = $2 AND role = $3 AND blob_id = $4
            """;
    private static final String DETACH_SAME_BYTES = """
            DELETE FROM media_ref
             WHERE owner_type = $1 AND owner_id = $2 AND role = $3
               AND blob_id = (SELECT id FROM blob WHERE sha256 = $4 AND state = 'l')
            """;

    private PublishingStore() {}

    static Uni<Void> announce(SqlClient client, UUID id, String owner, Instant expiresAt) {
        return client.preparedQuery(ANNOUNCE)
                .execute(Tuple.of(id, owner, expiresAt.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** True when there was one. */
    static Uni<Boolean> giveUp(SqlClient client, UUID id) {
        return client.preparedQuery(GIVE_UP).execute(Tuple.of(id)).map(rows -> rows.rowCount() == 1);
    }

    static Uni<Optional<Blob>> live(SqlClient client, Sha256 hash) {
        return client.preparedQuery(LIVE).execute(Tuple.of(bytes(hash))).map(PublishingStore::first);
    }

    static Uni<Optional<Blob>> live(SqlClient client, UUID id) {
        return client.preparedQuery(LIVE_OF_ID).execute(Tuple.of(id)).map(PublishingStore::first);
    }

    /** Replaces the intent by a reference to a live blob of the same bytes; empty, with nothing done, when there is none. */
    static Uni<Optional<PublishResult>> attachToSameBytes(
            SqlConnection connection, Blob blob, Reference reference, Quota quota) {
        return sameBytes(connection, blob.ref().hash())
                .chain(found -> found.map(known -> finish(connection, blob, known, reference, quota)
                                .map(Optional::of))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    /** Replaces the intent by the blob, or by a reference to one of the same bytes that was faster. */
    static Uni<PublishResult> confirm(
            SqlConnection connection, Blob blob, Reference reference, Quota quota, BlobEvents events) {
        return sameBytes(connection, blob.ref().hash())
                .chain(found -> found.map(known -> finish(connection, blob, known, reference, quota))
                        .orElseGet(() -> giveUp(connection, blob.ref().id())
                                .chain(announced -> announced
                                        ? insert(connection, blob, reference, quota, events)
                                        : perhapsDone(connection, blob, reference, quota))));
    }

    /**
     * Replaces the intent by a reference to a live blob whose bytes its store has spoilt, and whose copy this upload becomes.
     * If that blob has another copy by now, is gone, or is this upload itself, the same as {@link #confirm}.
     */
    static Uni<PublishResult> replace(
            SqlConnection connection, Blob damaged, Blob blob, Reference reference, Quota quota, BlobEvents events) {
        UUID upload = blob.ref().id();
        return sameBytes(connection, blob.ref().hash())
                .map(found -> found.filter(known ->
                        known.ref().equals(damaged.ref()) && !known.ref().id().equals(upload)))
                .chain(found -> found.isEmpty()
                        ? confirm(connection, blob, reference, quota, events)
                        : giveUp(connection, upload)
                                .chain(announced -> announced
                                        ? replace(connection, damaged, blob, reference, quota)
                                        : replacedBefore(connection, damaged, reference)));
    }

    private static Uni<PublishResult> replace(
            SqlConnection connection, Blob damaged, Blob blob, Reference reference, Quota quota) {
        return referTo(connection, damaged, reference, quota)
                .chain(result -> result instanceof PublishResult.Known
                        ? replaceCopy(connection, damaged, blob)
                        : Uni.createFrom().item(result));
    }

    /** Who took the intent was the sweep, or an earlier commit of the same: then that blob has another copy now. */
    private static Uni<PublishResult> replacedBefore(SqlConnection connection, Blob damaged, Reference reference) {
        return sameBytes(connection, damaged.ref().hash())
                .map(found -> found.filter(known -> !known.ref().equals(damaged.ref())))
                .chain(found -> found.map(known -> doneBefore(connection, known, reference))
                        .orElseGet(() -> Uni.createFrom().item(new PublishResult.Expired())));
    }

    private static Uni<PublishResult> replaceCopy(SqlConnection connection, Blob known, Blob blob) {
        var replaced = new Blob(known.ref().asCopy(blob.ref().copy()), known.content(), blob.backend());
        return connection
                .preparedQuery(REPLACE)
                .execute(Tuple.of(
                        known.ref().id(),
                        blob.ref().copy(),
                        name(blob.backend()),
                        known.ref().copy()))
                .map(rows -> new PublishResult.Known(rows.rowCount() == 1 ? replaced : known));
    }

    /** Who took the intent may have been an earlier commit of the same, whose answer was lost, and which was waited for. */
    private static Uni<PublishResult> perhapsDone(
            SqlConnection connection, Blob blob, Reference reference, Quota quota) {
        return sameBytes(connection, blob.ref().hash())
                .chain(found -> found.map(known -> finish(connection, blob, known, reference, quota))
                        .orElseGet(() -> Uni.createFrom().item(new PublishResult.Expired())));
    }

    /** It is its own, when the answer to an earlier commit was lost. */
    private static Uni<PublishResult> finish(
            SqlConnection connection, Blob blob, Blob known, Reference reference, Quota quota) {
        if (known.ref().id().equals(blob.ref().id())) {
            return Uni.createFrom().item(new PublishResult.Stored(known));
        }
        return giveUp(connection, blob.ref().id())
                .chain(announced -> announced
                        ? referTo(connection, known, reference, quota)
                        : doneBefore(connection, known, reference));
    }

    /** Who took the intent was the sweep, or an earlier commit of the same. */
    private static Uni<PublishResult> doneBefore(SqlConnection connection, Blob known, Reference reference) {
        return isReferred(connection, known, reference)
                .map(done -> done ? new PublishResult.Known(known) : new PublishResult.Expired());
    }

    private static Uni<PublishResult> referTo(SqlConnection connection, Blob known, Reference reference, Quota quota) {
        return refer(connection, known, reference, quota)
                .map(attached -> attached instanceof AttachResult.OverQuota(QuotaUse use)
                        ? new PublishResult.OverQuota(use)
                        : new PublishResult.Known(known));
    }

    private static Uni<PublishResult> insert(
            SqlConnection connection, Blob blob, Reference reference, Quota quota, BlobEvents events) {
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.tuple()
                        .addUUID(blob.ref().id())
                        .addValue(bytes(blob.ref().hash()))
                        .addLong(blob.ref().size())
                        .addString(blob.content().mediaType())
                        .addInteger(blob.content().width())
                        .addInteger(blob.content().height())
                        .addString(name(blob.backend())))
                .chain(rows -> rows.rowCount() == 1
                        ? referToNew(connection, blob, reference, quota, events)
                        : sameBytes(connection, blob.ref().hash())
                                .chain(found -> found.map(known -> referTo(connection, known, reference, quota))
                                        .orElseGet(() -> insert(connection, blob, reference, quota, events))));
    }

    /** What has no reference gets no row, and nobody is told of it. */
    private static Uni<PublishResult> referToNew(
            SqlConnection connection, Blob blob, Reference reference, Quota quota, BlobEvents events) {
        return refer(connection, blob, reference, quota)
                .chain(attached -> attached instanceof AttachResult.OverQuota(QuotaUse use)
                        ? connection
                                .preparedQuery(TAKE_BACK)
                                .execute(Tuple.of(blob.ref().id()))
                                .replaceWith(new PublishResult.OverQuota(use))
                        : events.stored(connection, blob).replaceWith(new PublishResult.Stored(blob)));
    }

    /** Live, and staying so until the transaction ends; empty when there is none. */
    static Uni<Optional<Blob>> sameBytes(SqlConnection connection, Sha256 hash) {
        return connection
                .preparedQuery(LOCK_SAME_BYTES)
                .execute(Tuple.of(bytes(hash)))
                .map(PublishingStore::first);
    }

    /** Live, and staying so until the transaction ends; empty when there is none. */
    static Uni<Optional<Blob>> lock(SqlConnection connection, UUID id) {
        return connection.preparedQuery(LOCK).execute(Tuple.of(id)).map(PublishingStore::first);
    }

    /** @param known is locked, and the owner has been {@link OwnerStore#enter entered} */
    static Uni<AttachResult> refer(SqlConnection connection, Blob known, Reference reference, Quota quota) {
        return connection
                .preparedQuery(LOCK_OWNER)
                .execute(Tuple.of(reference.ownerType(), reference.ownerId()))
                .chain(() -> connection
                        .preparedQuery(REFER)
                        .execute(parameters(known.ref().id(), reference)
                                .addLong(quota.images())
                                .addLong(quota.bytes() - known.ref().size())))
                .map(rows -> attached(rows.iterator().next(), quota));
    }

    private static AttachResult attached(Row row, Quota quota) {
        if (row.getBoolean("added")) {
            return new AttachResult.Attached();
        }
        return row.getBoolean("already") ? new AttachResult.Already() : new AttachResult.OverQuota(use(row, quota));
    }

    /** What an owner has by now; others may be adding to it. */
    static Uni<QuotaUse> use(SqlClient client, Reference reference, Quota quota) {
        return client.preparedQuery(USE)
                .execute(Tuple.of(reference.ownerType(), reference.ownerId()))
                .map(rows -> use(rows.iterator().next(), quota));
    }

    private static QuotaUse use(Row row, Quota quota) {
        return new QuotaUse(row.getLong("bytes"), row.getLong("images"), quota);
    }

    private static Uni<Boolean> isReferred(SqlConnection connection, Blob known, Reference reference) {
        return connection
                .preparedQuery(IS_REFERRED)
                .execute(parameters(known.ref().id(), reference))
                .map(rows -> rows.iterator().next().getBoolean("referred"));
    }

    /** True when there was one. */
    static Uni<Boolean> detach(SqlClient client, UUID id, Reference reference) {
        return client.preparedQuery(DETACH).execute(parameters(id, reference)).map(rows -> rows.rowCount() == 1);
    }

    /** The same for whichever live blob has these bytes. */
    static Uni<Boolean> detach(SqlClient client, Sha256 hash, Reference reference) {
        return client.preparedQuery(DETACH_SAME_BYTES)
                .execute(Tuple.of(reference.ownerType(), reference.ownerId(), reference.role(), bytes(hash)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static Tuple parameters(UUID id, Reference reference) {
        return Tuple.of(reference.ownerType(), reference.ownerId(), reference.role(), id);
    }

    private static Optional<Blob> first(RowSet<Row> rows) {
        return rows.stream().findFirst().map(BlobColumns::toBlob);
    }

    private static Buffer bytes(Sha256 hash) {
        return Buffer.buffer(hash.bytes());
    }

    private static String name(Backend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
    }
}
