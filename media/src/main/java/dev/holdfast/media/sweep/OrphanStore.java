package dev.holdfast.media.sweep;

import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.sweep.OrphanRepresentation.Why;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Blobs that nobody uses, in the order of their ids, so that a page costs what lies between its ends. */
final class OrphanStore {
    private static final String UNUSED = """
            SELECT id, sha256, size, backend, created_at FROM blob
             WHERE state = 'l' AND id > $1 AND NOT EXISTS (SELECT FROM media_ref WHERE blob_id = blob.id)
             ORDER BY id
             LIMIT $2
            """;
    private static final String CONDEMNED = """
            SELECT id, sha256, size, backend, created_at FROM blob WHERE state = 'c' AND id > $1 ORDER BY id LIMIT $2
            """;

    private OrphanStore() {}

    static Uni<List<OrphanRepresentation>> unused(SqlClient client, UUID after, int limit) {
        return page(client, UNUSED, Why.UNUSED, after, limit);
    }

    static Uni<List<OrphanRepresentation>> condemned(SqlClient client, UUID after, int limit) {
        return page(client, CONDEMNED, Why.CONDEMNED, after, limit);
    }

    private static Uni<List<OrphanRepresentation>> page(SqlClient client, String sql, Why why, UUID after, int limit) {
        return client.preparedQuery(sql)
                .execute(Tuple.of(after, limit))
                .map(rows -> rows.stream()
                        .map(row -> new OrphanRepresentation(
                                why,
                                row.getUUID("id"),
                                Sha256.ofBytes(row.getBuffer("sha256").getBytes())
                                        .hex(),
                                row.getLong("size"),
                                row.getString("backend"),
                                row.getOffsetDateTime("created_at").toInstant()))
                        .toList());
    }
}
