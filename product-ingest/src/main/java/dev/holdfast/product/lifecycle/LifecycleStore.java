package dev.holdfast.product.lifecycle;

import dev.holdfast.product.catalogue.ProductId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deletes and restores single products, and reads what they were. */
final class LifecycleStore {
    /** What stands in {@code changed_by} of an archived product. */
    static final String ARCHIVER = "archiver";

    /** The advisory lock under which the feed deliberates about GTINs. */
    private static final String ENTER_ALONE = """
            SELECT pg_advisory_xact_lock('product'::regclass::oid::int, 1)
            """;

    private static final String LOCK = """
            SELECT row_version FROM product WHERE vendor_id = $1 AND sku = $2 FOR NO KEY UPDATE
            """;

    /* No message brought what stands from now on, so it names none. The vendor's version and hash stay. */
    private static final String BY_HAND = """
            row_version = p.row_version + 1, content_version = NULL, source_partition = NULL, source_offset = NULL,
            changed_by = $3, updated_at = clock_timestamp()
            """;
    private static final String RETURNING = """
            RETURNING old.vendor_id, old.sku, old.row_version, old.content_version, old.state, old.gtin, old.name,
                      old.price_minor, old.currency, old.attributes, old.source_partition, old.source_offset,
                      old.changed_by, old.updated_at AS valid_from, new.updated_at AS valid_to,
                      new.row_version AS new_row_version,
                      CASE new.state
                        WHEN 'live' THEN product_payload(new.vendor_id, new.sku, new.src_version, new.gtin, new.name,
                                                         new.price_minor, new.currency, new.attributes::text)
                        ELSE product_gone_payload(new.vendor_id, new.sku, new.src_version) END AS payload
            """;
    private static final String REPLACED = """
            , replaced AS (
              INSERT INTO product_history (vendor_id, sku, row_version, content_version, state, gtin, name, price_minor,
                                           currency, attributes, source_partition, source_offset, changed_by, valid_from,
                                           valid_to)
              SELECT vendor_id, sku, row_version, content_version, state, gtin, name, price_minor, currency, attributes,
                     source_partition, source_offset, changed_by, valid_from, valid_to
                FROM changed
               WHERE $4
            )
            SELECT new_row_version, state AS old_state, valid_to, payload FROM changed
            """;
    private static final String DELETE =
            "WITH changed AS (UPDATE product p SET " + BY_HAND + """
            , state = 'deleted', deleted_at = clock_timestamp()
             WHERE p.vendor_id = $1 AND p.sku = $2 AND p.state = 'live'
            """ + RETURNING + ")" + REPLACED;
    private static final String RESTORE =
            "WITH changed AS (UPDATE product p SET " + BY_HAND + """
            , state = 'live', deleted_at = NULL, gtin = v.gtin, name = v.name, price_minor = v.price_minor,
              currency = v.currency, attributes = v.attributes
              FROM product_version v
             WHERE p.vendor_id = $1 AND p.sku = $2
               AND v.vendor_id = $1 AND v.sku = $2 AND v.row_version = $5
            """ + RETURNING + ")" + REPLACED;

    /* The version asked for, or else the latest that has content: what it was before it was deleted or archived. */
    private static final String CANDIDATE = """
            SELECT v.row_version, v.name <> '' AS has_content, v.gtin,
                   p.state = 'live' AND (v.gtin, v.name, v.price_minor, v.currency, v.attributes)
                     IS NOT DISTINCT FROM (p.gtin, p.name, p.price_minor, p.currency, p.attributes) AS stands,
                   (SELECT h.vendor_id || ':' || h.sku FROM product h
                     WHERE h.state = 'live' AND h.gtin IS NOT NULL AND lpad(h.gtin, 14, '0') = lpad(v.gtin, 14, '0')
                       AND (h.vendor_id, h.sku) <> (v.vendor_id, v.sku)) AS holder
              FROM product p
              JOIN product_version v ON v.vendor_id = p.vendor_id AND v.sku = p.sku
             WHERE p.vendor_id = $1 AND p.sku = $2
               AND CASE WHEN $3::bigint IS NULL THEN v.name <> '' ELSE v.row_version = $3 END
             ORDER BY v.row_version DESC
             LIMIT 1
            """;

    private static final String VERSIONS = """
            SELECT vendor_id, sku, row_version, content_version, state, gtin, name, price_minor, currency,
                   attributes::text, source_partition, source_offset, changed_by, valid_from, valid_to
              FROM product_version
             WHERE vendor_id = $1 AND sku = $2
            """;
    private static final String CURRENT = VERSIONS + " AND valid_to IS NULL";
    private static final String HISTORY = VERSIONS + " AND row_version < $3 ORDER BY row_version DESC LIMIT $4";

    private LifecycleStore() {}

    /**
     * A change that was made.
     *
     * @param payload what others are told
     */
    record Change(long rowVersion, String oldState, Instant at, String payload) {}

    /**
     * A version to restore.
     *
     * @param stands the live product is just so
     * @param holder the other live product that has the GTIN
     */
    record Candidate(
            long rowVersion,
            boolean hasContent,
            @Nullable String gtin,
            boolean stands,
            @Nullable String holder) {}

    /**
     * Waits until no batch of the feed is under way and keeps others from beginning, so that who has a GTIN stays so until
     * the commit: a batch that deliberates relies on it, too. To be called before anything else.
     */
    static Uni<Void> enterAlone(SqlConnection connection) {
        return connection.query(ENTER_ALONE).execute().replaceWithVoid();
    }

    /** @return whether there is such a product */
    static Uni<Boolean> lock(SqlConnection connection, ProductId id) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(id.vendor(), id.sku()))
                .map(rows -> rows.size() > 0);
    }

    /** @return empty when it is not live */
    static Uni<Optional<Change>> delete(SqlConnection connection, ProductId id, String subject, boolean history) {
        return change(connection, DELETE, Tuple.of(id.vendor(), id.sku(), subject, history));
    }

    /** @param rowVersion of a version that has content */
    static Uni<Optional<Change>> restore(
            SqlConnection connection, ProductId id, long rowVersion, String subject, boolean history) {
        return change(connection, RESTORE, Tuple.of(id.vendor(), id.sku(), subject, history, rowVersion));
    }

    private static Uni<Optional<Change>> change(SqlConnection connection, String sql, Tuple parameters) {
        return connection
                .preparedQuery(sql)
                .execute(parameters)
                .map(rows -> rows.stream()
                        .map(row -> new Change(
                                row.getLong("new_row_version"),
                                row.getString("old_state"),
                                row.getOffsetDateTime("valid_to").toInstant(),
                                row.getString("payload")))
                        .findFirst());
    }

    /** @param rowVersion null for the latest that has content */
    static Uni<Optional<Candidate>> candidate(SqlConnection connection, ProductId id, @Nullable Long rowVersion) {
        return connection
                .preparedQuery(CANDIDATE)
                .execute(Tuple.of(id.vendor(), id.sku(), rowVersion))
                .map(rows -> rows.stream()
                        .map(row -> new Candidate(
                                row.getLong("row_version"),
                                row.getBoolean("has_content"),
                                row.getString("gtin"),
                                row.getBoolean("stands"),
                                row.getString("holder")))
                        .findFirst());
    }

    /** What the product is now, in whatever state. */
    static Uni<Optional<ProductVersion>> current(SqlClient client, ProductId id) {
        return client.preparedQuery(CURRENT)
                .execute(Tuple.of(id.vendor(), id.sku()))
                .map(rows -> rows.stream().map(LifecycleStore::toVersion).findFirst());
    }

    /**
     * Newest first.
     *
     * @param before the row version that ended the page before; {@link Long#MAX_VALUE} for the first page
     */
    static Uni<List<ProductVersion>> history(SqlClient client, ProductId id, long before, int limit) {
        return client.preparedQuery(HISTORY)
                .execute(Tuple.of(id.vendor(), id.sku(), before, limit))
                .map(rows -> rows.stream().map(LifecycleStore::toVersion).collect(Collectors.toList()));
    }

    private static ProductVersion toVersion(Row row) {
        return new ProductVersion(
                row.getString("vendor_id"),
                row.getString("sku"),
                row.getLong("row_version"),
                row.getLong("content_version"),
                row.getString("state"),
                row.getString("gtin"),
                row.getString("name"),
                row.getLong("price_minor"),
                row.getString("currency"),
                row.getString("attributes"),
                row.getInteger("source_partition"),
                row.getLong("source_offset"),
                row.getString("changed_by"),
                row.getOffsetDateTime("valid_from").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("valid_to"))
                        .map(OffsetDateTime::toInstant)
                        .orElse(null));
    }
}
