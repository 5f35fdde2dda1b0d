package dev.holdfast.media.resumable;

import dev.holdfast.media.blob.Content;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.resumable.ResumableUpload.Accepted;
import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** The statements of resumable uploads. */
final class ResumableStore {
    private static final String LOCK_SUBJECT =
            "SELECT pg_advisory_xact_lock('resumable_upload'::regclass::oid::int, hashtext($1))";

    /** To be sent when the subject is locked. */
    private static final String ADD = """
            INSERT INTO resumable_upload (id, subject, owner_type, owner_id, role, metadata, length, begun_at, expires_at)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, expires_at FROM upload_intent
             WHERE id = $1
               AND $9 > (SELECT count(*) FROM resumable_upload WHERE subject = $2 AND sha256 IS NULL AND expires_at > $8)
            RETURNING expires_at
            """;

    private static final String FIND = """
            SELECT *, EXISTS (SELECT FROM upload_intent WHERE id = resumable_upload.id) AS announced
              FROM resumable_upload WHERE id = $1 AND subject = $2 AND expires_at > $3
            """;
    private static final String EXTEND = """
            WITH intent AS (
              UPDATE upload_intent SET expires_at = $2 WHERE id = $1 AND expires_at > $3 RETURNING id
            )
            UPDATE resumable_upload SET expires_at = $2 FROM intent WHERE resumable_upload.id = intent.id
            """;
    private static final String ACCEPT =
            "UPDATE resumable_upload SET sha256 = $2, media_type = $3, width = $4, height = $5 WHERE id = $1";
    private static final String FORGET = "DELETE FROM resumable_upload WHERE id = $1";
    private static final String IS_USED = """
            SELECT EXISTS (
              SELECT FROM media_ref JOIN blob ON blob.id = blob_id
               WHERE owner_type = $1 AND owner_id = $2 AND role = $3 AND sha256 = $4
            ) AS used
            """;

    private ResumableStore() {}

    /** When it expires; empty when there is no room for another unfinished one of this subject. */
    static Uni<Optional<Instant>> add(SqlConnection connection, ResumableUpload upload, int perSubjectMax) {
        Reference reference = upload.reference();
        return connection
                .preparedQuery(LOCK_SUBJECT)
                .execute(Tuple.of(upload.subject()))
                .chain(() -> connection
                        .preparedQuery(ADD)
                        .execute(Tuple.tuple()
                                .addUUID(upload.id())
                                .addString(upload.subject())
                                .addString(reference.ownerType())
                                .addString(reference.ownerId())
                                .addString(reference.role())
                                .addString(upload.metadata())
                                .addLong(upload.length())
                                .addOffsetDateTime(at(upload.begunAt()))
                                .addInteger(perSubjectMax)))
                .map(rows -> rows.stream()
                        .map(row -> row.getOffsetDateTime("expires_at").toInstant())
                        .findFirst());
    }

    /** Empty when there is none, or none of this subject, or it has expired. */
    static Uni<Optional<ResumableUpload>> find(SqlClient client, UUID id, String subject, Instant now) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(id, subject, at(now)))
                .map(rows -> rows.stream().map(ResumableStore::toUpload).findFirst());
    }

    /** With its intent. False when that has expired. */
    static Uni<Boolean> extend(SqlClient client, UUID id, Instant expiresAt, Instant now) {
        return client.preparedQuery(EXTEND)
                .execute(Tuple.of(id, at(expiresAt), at(now)))
                .map(rows -> rows.rowCount() == 1);
    }

    static Uni<Void> accept(SqlClient client, UUID id, Accepted accepted) {
        return client.preparedQuery(ACCEPT)
                .execute(Tuple.of(
                        id,
                        Buffer.buffer(accepted.sha256().bytes()),
                        accepted.content().mediaType(),
                        accepted.content().width(),
                        accepted.content().height()))
                .replaceWithVoid();
    }

    static Uni<Void> forget(SqlClient client, UUID id) {
        return client.preparedQuery(FORGET).execute(Tuple.of(id)).replaceWithVoid();
    }

    /** Whether these bytes have this reference. */
    static Uni<Boolean> isUsed(SqlClient client, Sha256 sha256, Reference reference) {
        return client.preparedQuery(IS_USED)
                .execute(Tuple.of(
                        reference.ownerType(), reference.ownerId(), reference.role(), Buffer.buffer(sha256.bytes())))
                .map(rows -> rows.iterator().next().getBoolean("used"));
    }

    private static ResumableUpload toUpload(Row row) {
        return new ResumableUpload(
                row.getUUID("id"),
                row.getString("subject"),
                new Reference(row.getString("owner_type"), row.getString("owner_id"), row.getString("role")),
                row.getLong("length"),
                row.getString("metadata"),
                row.getOffsetDateTime("begun_at").toInstant(),
                row.getOffsetDateTime("expires_at").toInstant(),
                Optional.ofNullable(row.getBuffer("sha256"))
                        .map(sha256 -> new Accepted(
                                Sha256.ofBytes(sha256.getBytes()),
                                new Content(
                                        row.getString("media_type"),
                                        row.getInteger("width"),
                                        row.getInteger("height")))),
                row.getBoolean("announced"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
