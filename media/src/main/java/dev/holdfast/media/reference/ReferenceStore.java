package dev.holdfast.media.reference;

import dev.holdfast.media.blob.BlobColumns;
import dev.holdfast.media.image.ImageRepresentation;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Reads who uses what, page by page, each in the order of an index. */
final class ReferenceStore {
    private static final String OF_IMAGE = """
            SELECT owner_type, owner_id, role, attached_at FROM media_ref
             WHERE blob_id = $1 AND (owner_type, owner_id, role) > ($2, $3, $4)
             ORDER BY owner_type, owner_id, role
             LIMIT $5
            """;
    private static final String OF_IMAGE_AND_OWNER = """
            SELECT owner_type, owner_id, role, attached_at FROM media_ref
             WHERE blob_id = $1 AND owner_type = $2 AND owner_id = $3 AND role > $4
             ORDER BY role
             LIMIT $5
            """;
    private static final String OF_OWNER = """
            SELECT role, attached_at, %s FROM media_ref JOIN blob ON blob.id = blob_id
             WHERE owner_type = $1 AND owner_id = $2 AND (role, blob_id) > ($3, $4)
             ORDER BY role, blob_id
             LIMIT $5
            """.formatted(BlobColumns.NAMES);

    private ReferenceStore() {}

    /** @param after owner type, owner id, role */
    static Uni<List<ReferenceRepresentation>> ofImage(SqlClient client, UUID blob, List<String> after, int limit) {
        return client.preparedQuery(OF_IMAGE)
                .execute(Tuple.of(blob, after.get(0), after.get(1), after.get(2), limit))
                .map(ReferenceStore::references);
    }

    /** @param after owner type, owner id, role; of that owner alone */
    static Uni<List<ReferenceRepresentation>> ofImageAndOwner(
            SqlClient client, UUID blob, String ownerType, String ownerId, List<String> after, int limit) {
        return client.preparedQuery(OF_IMAGE_AND_OWNER)
                .execute(Tuple.of(blob, ownerType, ownerId, after.get(2), limit))
                .map(ReferenceStore::references);
    }

    private static List<ReferenceRepresentation> references(RowSet<Row> rows) {
        return rows.stream()
                .map(row -> new ReferenceRepresentation(
                        row.getString("owner_type"),
                        row.getString("owner_id"),
                        row.getString("role"),
                        row.getOffsetDateTime("attached_at").toInstant()))
                .toList();
    }

    static Uni<List<OwnedImageRepresentation>> ofOwner(
            SqlClient client, String ownerType, String ownerId, String afterRole, UUID afterBlob, int limit) {
        return client.preparedQuery(OF_OWNER)
                .execute(Tuple.of(ownerType, ownerId, afterRole, afterBlob, limit))
                .map(rows -> rows.stream()
                        .map(row -> new OwnedImageRepresentation(
                                row.getString("role"),
                                row.getOffsetDateTime("attached_at").toInstant(),
                                ImageRepresentation.of(BlobColumns.toBlob(row))))
                        .toList());
    }
}
