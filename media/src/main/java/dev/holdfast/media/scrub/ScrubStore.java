package dev.holdfast.media.scrub;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.BlobColumns;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The statements of scrubs. */
final class ScrubStore {
    private static final String POSITION = "SELECT after_id FROM scrub_position";
    private static final String ADVANCE = "UPDATE scrub_position SET after_id = $1";
    private static final String LIVE = """
            SELECT %s, EXISTS (SELECT FROM damage WHERE blob_id = id) AS damaged FROM blob
             WHERE state = 'l' AND id > $1
             ORDER BY id
             LIMIT $2
            """.formatted(BlobColumns.NAMES);
    private static final String FORMER =
            "SELECT former_copy_id, former_backend FROM blob WHERE id = $1 AND former_copy_id IS NOT NULL";

    /** Only of a blob that is still what it was when it was read. */
    private static final String RECORD = """
            INSERT INTO damage (blob_id, copy_id, kind, first_seen_at, last_seen_at)
            SELECT id, $2, $3, $4, $4 FROM blob WHERE id = $1 AND coalesce(copy_id, id) = $2 AND state = 'l'
            ON CONFLICT (blob_id) DO UPDATE
               SET copy_id = excluded.copy_id, kind = excluded.kind, last_seen_at = excluded.last_seen_at
            """;

    private static final String CLEAR = "DELETE FROM damage WHERE blob_id = $1";
    private static final String COUNT = "SELECT count(*) AS count FROM damage";
    private static final String PAGE = """
            SELECT id, sha256, size, backend, kind, first_seen_at, last_seen_at FROM damage JOIN blob ON id = blob_id
             WHERE blob_id > $1
             ORDER BY blob_id
             LIMIT $2
            """;

    private ScrubStore() {}

    /** A blob, and whether it was damaged when it was last looked at. */
    record Known(Blob blob, boolean damaged) {}

    static Uni<UUID> position(SqlClient client) {
        return client.query(POSITION)
                .execute()
                .map(rows -> rows.iterator().next().getUUID("after_id"));
    }

    static Uni<Void> advance(SqlClient client, UUID to) {
        return client.preparedQuery(ADVANCE).execute(Tuple.of(to)).replaceWithVoid();
    }

    /** Behind this one, in the order of their ids. */
    static Uni<List<Known>> live(SqlClient client, UUID after, int limit) {
        return client.preparedQuery(LIVE)
                .execute(Tuple.of(after, limit))
                .map(rows -> rows.stream()
                        .map(row -> new Known(BlobColumns.toBlob(row), row.getBoolean("damaged")))
                        .toList());
    }

    /** A copy that may still be there. */
    record Former(BlobRef ref, Backend backend) {}

    /** Where it was before it moved. */
    static Uni<Optional<Former>> former(SqlClient client, BlobRef ref) {
        return client.preparedQuery(FORMER)
                .execute(Tuple.of(ref.id()))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Former(
                                ref.asCopy(row.getUUID("former_copy_id")),
                                Backend.valueOf(row.getString("former_backend").toUpperCase(Locale.ROOT)))));
    }

    static Uni<Void> record(SqlClient client, BlobRef ref, Integrity found, Instant now) {
        return client.preparedQuery(RECORD)
                .execute(Tuple.of(
                        ref.id(), ref.copy(), found.name().toLowerCase(Locale.ROOT), now.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    static Uni<Void> clear(SqlClient client, BlobRef ref) {
        return client.preparedQuery(CLEAR).execute(Tuple.of(ref.id())).replaceWithVoid();
    }

    static Uni<Long> count(SqlClient client) {
        return client.query(COUNT).execute().map(rows -> rows.iterator().next().getLong("count"));
    }

    /** Behind this one, in the order of their ids. */
    static Uni<List<DamageRepresentation>> page(SqlClient client, UUID after, int limit) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.of(after, limit))
                .map(rows -> rows.stream().map(ScrubStore::toDamage).toList());
    }

    private static DamageRepresentation toDamage(Row row) {
        return new DamageRepresentation(
                row.getUUID("id"),
                Sha256.ofBytes(row.getBuffer("sha256").getBytes()).hex(),
                row.getLong("size"),
                row.getString("backend"),
                row.getString("kind"),
                row.getOffsetDateTime("first_seen_at").toInstant(),
                row.getOffsetDateTime("last_seen_at").toInstant());
    }
}
