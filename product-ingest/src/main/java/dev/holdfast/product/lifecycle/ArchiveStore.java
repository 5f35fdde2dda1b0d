package dev.holdfast.product.lifecycle;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/** Takes the content of products that were deleted long ago to the archive. */
final class ArchiveStore {
    /*
     * Whoever holds the lock of a row is skipped, be it another archiver or the feed that brings the product back, so this
     * waits for nobody. The lock shows the row as it is now, and one that is no longer deleted drops out. The stub keeps
     * the keys that orders refer to, and the vendor's version and hash that decide on its next message.
     */
    private static final String ARCHIVE = """
            WITH due AS MATERIALIZED (
              SELECT vendor_id, sku FROM product
               WHERE state = 'deleted' AND deleted_at <= $1
               ORDER BY deleted_at
               LIMIT $2
                 FOR NO KEY UPDATE SKIP LOCKED
            ), archived AS (
              UPDATE product p
                 SET state = 'archived', gtin = NULL, name = '', price_minor = 0, attributes = '{}',
                     row_version = p.row_version + 1, content_version = NULL, source_partition = NULL,
                     source_offset = NULL, changed_by = $3, updated_at = clock_timestamp()
                FROM due d
               WHERE p.vendor_id = d.vendor_id AND p.sku = d.sku
              RETURNING old.*, new.row_version AS new_row_version, new.updated_at AS archived_at
            ), kept AS (
              INSERT INTO product_archive (vendor_id, sku, row_version, content_version, gtin, name, price_minor, currency,
                                           attributes, source_partition, source_offset, changed_by, valid_from,
                                           archived_at)
              SELECT vendor_id, sku, row_version, content_version, gtin, name, price_minor, currency, attributes,
                     source_partition, source_offset, changed_by, updated_at, archived_at
                FROM archived
            )
            SELECT vendor_id || ':' || sku AS id, new_row_version, archived_at,
                   product_gone_payload(vendor_id, sku, src_version) AS payload
              FROM archived
            """;
    private static final String ELIGIBLE = """
            SELECT vendor_id, count(*) AS eligible, min(deleted_at) AS oldest
              FROM product
             WHERE state = 'deleted' AND deleted_at <= $1
             GROUP BY vendor_id
             ORDER BY vendor_id
            """;

    private ArchiveStore() {}

    /** A product that is a stub from now on. */
    record Archived(String id, long rowVersion, Instant at, String payload) {}

    static Uni<List<Archived>> archive(SqlConnection connection, Instant deletedUntil, int limit) {
        return connection
                .preparedQuery(ARCHIVE)
                .execute(Tuple.of(deletedUntil.atOffset(ZoneOffset.UTC), limit, LifecycleStore.ARCHIVER))
                .map(rows -> rows.stream()
                        .map(row -> new Archived(
                                row.getString("id"),
                                row.getLong("new_row_version"),
                                row.getOffsetDateTime("archived_at").toInstant(),
                                row.getString("payload")))
                        .collect(Collectors.toList()));
    }

    static Uni<List<ArchiveRun.OfVendor>> eligible(SqlClient client, Instant deletedUntil) {
        return client.preparedQuery(ELIGIBLE)
                .execute(Tuple.of(deletedUntil.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.stream()
                        .map(row -> new ArchiveRun.OfVendor(
                                row.getString("vendor_id"),
                                row.getLong("eligible"),
                                row.getOffsetDateTime("oldest").toInstant()))
                        .collect(Collectors.toList()));
    }
}
