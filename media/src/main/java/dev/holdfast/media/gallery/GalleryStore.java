package dev.holdfast.media.gallery;

import dev.holdfast.media.blob.Reference;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements of the gallery. Ids begin with their time, so their order is that in which the images came. */
final class GalleryStore {
    private static final String COLUMNS = "id, sha256, size, media_type, width, height, backend, created_at";
    private static final String ALL = """
            SELECT %s FROM blob WHERE state = 'l' AND id < $1 ORDER BY id DESC LIMIT $2
            """.formatted(COLUMNS);

    /** Begins with what the user has, of which there is less than of all. */
    private static final String OF_USER = """
            WITH used AS MATERIALIZED (
              SELECT DISTINCT blob_id FROM media_ref WHERE owner_type = 'user' AND owner_id = $3 AND blob_id < $1
               ORDER BY blob_id DESC LIMIT $2
            )
            SELECT %s FROM blob JOIN used ON id = blob_id WHERE state = 'l' ORDER BY id DESC
            """.formatted(COLUMNS);

    private static final String REFERENCES = """
            SELECT blob_id, owner_type, owner_id, role
              FROM unnest($1::uuid[]) AS shown (id)
             CROSS JOIN LATERAL (
              SELECT * FROM media_ref WHERE blob_id = shown.id AND ($2::text IS NULL OR (owner_type = 'user' AND owner_id = $2))
               ORDER BY owner_type, owner_id, role LIMIT $3
             ) AS few
            """;

    private GalleryStore() {}

    /** An image that is kept. */
    record Kept(
            UUID id,
            String sha256,
            long size,
            String mediaType,
            int width,
            int height,
            String store,
            Instant createdAt) {}

    /**
     * The newest before this one.
     *
     * @param user null for everybody's
     */
    static Uni<List<Kept>> newest(SqlClient client, UUID before, int limit, @Nullable String user) {
        Uni<RowSet<Row>> rows = user == null
                ? client.preparedQuery(ALL).execute(Tuple.of(before, limit))
                : client.preparedQuery(OF_USER).execute(Tuple.of(before, limit, user));
        return rows.map(found -> found.stream().map(GalleryStore::toKept).toList());
    }

    private static Kept toKept(Row row) {
        return new Kept(
                row.getUUID("id"),
                HexFormat.of().formatHex(row.getBuffer("sha256").getBytes()),
                row.getLong("size"),
                row.getString("media_type"),
                row.getInteger("width"),
                row.getInteger("height"),
                row.getString("backend"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    /**
     * Who uses these, by image.
     *
     * @param user null for everybody
     * @param limit for each image
     */
    static Uni<Map<UUID, List<Reference>>> references(
            SqlClient client, List<UUID> images, @Nullable String user, int limit) {
        return client.preparedQuery(REFERENCES)
                .execute(Tuple.of(images.toArray(UUID[]::new), user, limit))
                .map(rows -> rows.stream()
                        .collect(Collectors.groupingBy(
                                row -> row.getUUID("blob_id"),
                                Collectors.mapping(GalleryStore::toReference, Collectors.toList()))));
    }

    private static Reference toReference(Row row) {
        return new Reference(row.getString("owner_type"), row.getString("owner_id"), row.getString("role"));
    }
}
