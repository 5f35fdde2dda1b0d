package dev.holdfast.product.feed;

import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Full snapshots: what is known of them, what they would delete, and deleting it. */
final class SnapshotStore {
    private static final String SHOWN = """
            SELECT s.*, (SELECT coalesce(sum(c.items), 0)::bigint FROM snapshot_count c
                          WHERE c.vendor_id = s.vendor_id AND c.number = s.number) AS listed
              FROM snapshot s
            """;
    private static final String FIND = SHOWN + " WHERE vendor_id = $1 AND number = $2";
    private static final String OF_VENDOR =
            SHOWN + " WHERE vendor_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    private static final String COMPLETE = """
            SELECT s.vendor_id, s.number FROM snapshot s
             WHERE s.items_kept AND s.status = 'open' AND s.begun_at IS NOT NULL
               AND s.items <= (SELECT coalesce(sum(c.items), 0) FROM snapshot_count c
                                WHERE c.vendor_id = s.vendor_id AND c.number = s.number)
            """;
    private static final String APPLYING = """
            SELECT vendor_id, number FROM snapshot WHERE items_kept AND status = 'applying'
            """;
    private static final String SUPERSEDE = """
            WITH older AS (
              SELECT s.vendor_id, s.number FROM snapshot s
               WHERE s.items_kept AND s.status IN ('open', 'held')
                 AND EXISTS (SELECT FROM snapshot newer WHERE newer.vendor_id = s.vendor_id AND newer.number > s.number
                                AND newer.begun_at IS NOT NULL
                                AND newer.status NOT IN ('discarded', 'expired'))
                 FOR UPDATE OF s
            )
            UPDATE snapshot s SET status = 'superseded', finished_at = clock_timestamp()
              FROM older o WHERE s.vendor_id = o.vendor_id AND s.number = o.number
            """;
    private static final String EXPIRE = """
            WITH late AS (
              SELECT s.vendor_id, s.number FROM snapshot s
               WHERE s.items_kept AND s.status = 'open' AND s.first_seen_at < $1
                 FOR UPDATE OF s
            )
            UPDATE snapshot s SET status = 'expired', finished_at = clock_timestamp()
              FROM late l WHERE s.vendor_id = l.vendor_id AND s.number = l.number
            """;
    private static final String LOCK_OPEN = """
            SELECT dry_run, items FROM snapshot WHERE vendor_id = $1 AND number = $2 AND status = 'open' FOR UPDATE
            """;

    /** Live products that snapshot s does not list and that nothing has touched since it was first seen. */
    private static final String MISSING = """
             s.vendor_id = $1 AND s.number = $2
               AND p.vendor_id = $1 AND p.state = 'live' AND p.updated_at < s.first_seen_at
               AND NOT EXISTS (SELECT FROM snapshot_item i
                                WHERE i.vendor_id = p.vendor_id AND i.number = $2 AND i.sku = p.sku)
               AND NOT EXISTS (SELECT FROM receipt r
                                WHERE r.vendor_id = p.vendor_id AND r.sku = p.sku AND r.outcome = 'unchanged'
                                  AND r.received_at >= s.first_seen_at)
            """;

    private static final String COUNT = """
            SELECT (SELECT coalesce(sum(items), 0)::bigint FROM snapshot_count WHERE vendor_id = $1 AND number = $2) AS listed,
                   (SELECT count(*) FROM product WHERE vendor_id = $1 AND state = 'live') AS live,
                   (SELECT count(*) FROM product p, snapshot s WHERE %s) AS missing
            """.formatted(MISSING);
    private static final String DECIDE = """
            UPDATE snapshot
               SET status = $3, live = $4, missing = $5, held_reason = $6,
                   finished_at = CASE $3 WHEN 'reported' THEN clock_timestamp() END
             WHERE vendor_id = $1 AND number = $2
            """;
    private static final String LOCK_APPLYING = """
            SELECT FROM snapshot WHERE vendor_id = $1 AND number = $2 AND status = 'applying' FOR NO KEY UPDATE SKIP LOCKED
            """;
    private static final String LOCK_MISSING = """
            SELECT p.sku FROM product p, snapshot s
             WHERE p.sku > s.swept_sku AND %s
             ORDER BY p.sku LIMIT $3 FOR NO KEY UPDATE OF p
            """.formatted(MISSING);
    /*
     * The rows are locked, and this sees everything that was committed before they were: one that was changed in the
     * meantime stays.
     */
    private static final String DELETE = """
            WITH gone AS (
              UPDATE product p
                 SET state = 'deleted', deleted_at = clock_timestamp(), updated_at = clock_timestamp(),
                     row_version = p.row_version + 1, content_version = NULL, source_partition = NULL,
                     source_offset = NULL, changed_by = 'snapshot ' || s.number
                FROM snapshot s
               WHERE p.sku = ANY ($3) AND %s
              RETURNING new.vendor_id, new.sku, new.src_version, new.row_version, new.updated_at,
                        old.row_version AS old_row_version, old.content_version AS old_content_version,
                        old.state AS old_state, old.gtin, old.name, old.price_minor, old.currency, old.attributes,
                        old.source_partition AS old_source_partition, old.source_offset AS old_source_offset,
                        old.changed_by AS old_changed_by, old.updated_at AS old_updated_at
            ), replaced AS (
              INSERT INTO product_history (vendor_id, sku, row_version, content_version, state, gtin, name, price_minor,
                                           currency, attributes, source_partition, source_offset, changed_by, valid_from,
                                           valid_to)
              SELECT vendor_id, sku, old_row_version, old_content_version, old_state, gtin, name, price_minor, currency,
                     attributes, old_source_partition, old_source_offset, old_changed_by, old_updated_at, updated_at
                FROM gone WHERE $4
            ), told AS (
              INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, payload)
              SELECT uuidv7(), $5, 'product.deleted', vendor_id || ':' || sku, row_version, updated_at,
                     product_gone_payload(vendor_id, sku, src_version)
                FROM gone WHERE $6
            )
            UPDATE snapshot
               SET deleted = deleted + (SELECT count(*) FROM gone), swept_sku = coalesce($7, swept_sku),
                   status = CASE WHEN $8 THEN 'applied' ELSE status END,
                   finished_at = CASE WHEN $8 THEN clock_timestamp() END
             WHERE vendor_id = $1 AND number = $2
            """.formatted(MISSING);
    private static final String FORGET_ITEMS = """
            WITH done AS (
              SELECT s.vendor_id, s.number FROM snapshot s
               WHERE s.items_kept
                 AND (s.status IN ('applied', 'discarded', 'superseded', 'expired')
                      OR s.status = 'reported'
                         AND EXISTS (SELECT FROM snapshot newer WHERE newer.vendor_id = s.vendor_id
                                        AND newer.number > s.number AND newer.begun_at IS NOT NULL))
               ORDER BY s.vendor_id, s.number LIMIT 1
                 FOR NO KEY UPDATE OF s SKIP LOCKED
            ), forgotten AS (
              DELETE FROM snapshot_item
               WHERE ctid IN (SELECT i.ctid FROM snapshot_item i JOIN done USING (vendor_id, number) LIMIT $1)
              RETURNING 1
            ), emptied AS (
              UPDATE snapshot s SET items_kept = false FROM done d
               WHERE s.vendor_id = d.vendor_id AND s.number = d.number AND (SELECT count(*) FROM forgotten) < $1
            )
            SELECT count(*) AS forgotten FROM forgotten
            """;
    private static final String APPLY_HELD = """
            UPDATE snapshot SET status = 'applying', decided_by = $3, decided_at = clock_timestamp(), note = $4
             WHERE vendor_id = $1 AND number = $2 AND status = 'held'
            """;
    private static final String DISCARD = """
            WITH unfinished AS (
              SELECT s.vendor_id, s.number FROM snapshot s
               WHERE s.vendor_id = $1 AND s.number = $2 AND s.items_kept AND s.status IN ('open', 'held', 'reported')
                 FOR UPDATE OF s
            )
            UPDATE snapshot s
               SET status = 'discarded', decided_by = $3, decided_at = clock_timestamp(), note = $4,
                   finished_at = clock_timestamp()
              FROM unfinished u WHERE s.vendor_id = u.vendor_id AND s.number = u.number
            """;
    private static final String DIFFERENCE = """
            SELECT d.sku, d.kind FROM (
              SELECT coalesce(p.sku, i.sku) AS sku,
                     CASE WHEN i.sku IS NULL AND p.state = 'live'
                            THEN CASE WHEN p.updated_at < s.first_seen_at
                                           AND NOT EXISTS (SELECT FROM receipt r
                                                            WHERE r.vendor_id = $1 AND r.sku = p.sku
                                                              AND r.outcome = 'unchanged'
                                                              AND r.received_at >= s.first_seen_at)
                                      THEN 'deleted' ELSE 'spared' END
                          WHEN i.sku IS NOT NULL AND p.state IS DISTINCT FROM 'live' THEN 'not_live'
                          WHEN i.sku IS NOT NULL AND p.updated_at >= s.first_seen_at
                            THEN CASE p.row_version WHEN 1 THEN 'added' ELSE 'changed' END
                     END AS kind
                FROM snapshot s
                CROSS JOIN (
                  (SELECT * FROM product WHERE vendor_id = $1 AND sku > $3) p
                  FULL JOIN (SELECT sku FROM snapshot_item WHERE vendor_id = $1 AND number = $2 AND sku > $3) i
                  ON i.sku = p.sku)
               WHERE s.vendor_id = $1 AND s.number = $2
            ) d
             WHERE d.kind IS NOT NULL AND ($5::text IS NULL OR d.kind = $5)
             ORDER BY d.sku LIMIT $4
            """;

    private final String eventTopic;
    private final boolean history;
    private final boolean events;

    SnapshotStore(ProductConfig config) {
        this.eventTopic = config.eventTopic();
        this.history = config.history();
        this.events = config.events();
    }

    /** Which snapshot. */
    record SnapshotRef(String vendor, long number) {}

    /** How a product differs. */
    record Difference(String sku, String kind) {}

    static Uni<Optional<SnapshotRepresentation>> find(SqlClient client, SnapshotRef snapshot) {
        return client.preparedQuery(FIND)
                .execute(parameters(snapshot))
                .map(rows -> rows.stream().map(SnapshotStore::toRepresentation).findFirst());
    }

    private static Tuple parameters(SnapshotRef snapshot) {
        return Tuple.of(snapshot.vendor(), snapshot.number());
    }

    /** The newest first. */
    static Uni<List<SnapshotRepresentation>> ofVendor(SqlClient client, String vendor, long below, int limit) {
        return client.preparedQuery(OF_VENDOR)
                .execute(Tuple.of(vendor, below, limit))
                .map(rows -> rows.stream().map(SnapshotStore::toRepresentation).toList());
    }

    /** @param kind null for all */
    static Uni<List<Difference>> difference(
            SqlClient client, SnapshotRef snapshot, String afterSku, int limit, @Nullable String kind) {
        return client.preparedQuery(DIFFERENCE)
                .execute(parameters(snapshot)
                        .addString(afterSku)
                        .addInteger(limit)
                        .addString(kind))
                .map(rows -> rows.stream()
                        .map(row -> new Difference(row.getString("sku"), row.getString("kind")))
                        .toList());
    }

    /** Gives up those that a newer one has overtaken, and those first seen before a moment and still not complete. */
    static Uni<Void> giveUp(SqlClient client, Instant firstSeenBefore) {
        return client.query(SUPERSEDE)
                .execute()
                .chain(superseded ->
                        client.preparedQuery(EXPIRE).execute(Tuple.of(firstSeenBefore.atOffset(ZoneOffset.UTC))))
                .replaceWithVoid();
    }

    static Uni<List<SnapshotRef>> complete(SqlClient client) {
        return refs(client, COMPLETE);
    }

    static Uni<List<SnapshotRef>> applying(SqlClient client) {
        return refs(client, APPLYING);
    }

    private static Uni<List<SnapshotRef>> refs(SqlClient client, String sql) {
        return client.query(sql)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> new SnapshotRef(row.getString("vendor_id"), row.getLong("number")))
                        .toList());
    }

    /** Waits until no batch lists anything for it any more; empty when it is no longer open. */
    static Uni<Optional<SnapshotRules.Complete>> lockOpen(SqlConnection connection, SnapshotRef snapshot) {
        return connection
                .preparedQuery(LOCK_OPEN)
                .execute(parameters(snapshot))
                .chain(locked -> locked.size() == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : count(connection, snapshot, locked.iterator().next()));
    }

    private static Uni<Optional<SnapshotRules.Complete>> count(
            SqlConnection connection, SnapshotRef snapshot, Row marks) {
        return connection
                .preparedQuery(COUNT)
                .execute(parameters(snapshot))
                .map(rows -> rows.iterator().next())
                .map(row -> Optional.of(new SnapshotRules.Complete(
                        marks.getBoolean("dry_run"),
                        marks.getLong("items"),
                        row.getLong("listed"),
                        row.getLong("live"),
                        row.getLong("missing"))));
    }

    static Uni<Void> decide(
            SqlConnection connection,
            SnapshotRef snapshot,
            SnapshotRules.Complete complete,
            SnapshotRules.Decision decision) {
        return connection
                .preparedQuery(DECIDE)
                .execute(parameters(snapshot)
                        .addString(decision.status().label())
                        .addLong(complete.live())
                        .addLong(complete.missing())
                        .addString(decision.heldReason().orElse(null)))
                .replaceWithVoid();
    }

    /**
     * Deletes some of what is missing.
     *
     * @return false when nothing is left to do for the caller, because all is done or another instance is at it
     */
    Uni<Boolean> sweep(SqlConnection connection, SnapshotRef snapshot, int batchSize) {
        return connection
                .preparedQuery(LOCK_APPLYING)
                .execute(parameters(snapshot))
                .chain(locked -> locked.size() == 0
                        ? Uni.createFrom().item(false)
                        : lockMissing(connection, snapshot, batchSize)
                                .chain(skus -> delete(connection, snapshot, skus, skus.size() < batchSize)));
    }

    private static Uni<List<String>> lockMissing(SqlConnection connection, SnapshotRef snapshot, int batchSize) {
        return connection
                .preparedQuery(LOCK_MISSING)
                .execute(parameters(snapshot).addInteger(batchSize))
                .map(rows -> rows.stream().map(row -> row.getString("sku")).toList());
    }

    private Uni<Boolean> delete(SqlConnection connection, SnapshotRef snapshot, List<String> skus, boolean last) {
        return connection
                .preparedQuery(DELETE)
                .execute(parameters(snapshot)
                        .addArrayOfString(skus.toArray(String[]::new))
                        .addBoolean(history)
                        .addString(eventTopic)
                        .addBoolean(events)
                        .addString(skus.isEmpty() ? null : skus.getLast())
                        .addBoolean(last))
                .map(deleted -> !last);
    }

    /** @return whether there may be more to forget */
    static Uni<Boolean> forgetItems(SqlClient client, int atMost) {
        return client.preparedQuery(FORGET_ITEMS)
                .execute(Tuple.of(atMost))
                .map(rows -> rows.iterator().next().getLong("forgotten") >= atMost);
    }

    /** @return whether it was held */
    static Uni<Boolean> applyHeld(SqlClient client, SnapshotRef snapshot, String subject, @Nullable String note) {
        return decideByHand(client, APPLY_HELD, snapshot, subject, note);
    }

    /** @return whether it was unfinished */
    static Uni<Boolean> discard(SqlClient client, SnapshotRef snapshot, String subject, @Nullable String note) {
        return decideByHand(client, DISCARD, snapshot, subject, note);
    }

    private static Uni<Boolean> decideByHand(
            SqlClient client, String sql, SnapshotRef snapshot, String subject, @Nullable String note) {
        return client.preparedQuery(sql)
                .execute(parameters(snapshot).addString(subject).addString(note))
                .map(rows -> rows.rowCount() > 0);
    }

    private static SnapshotRepresentation toRepresentation(Row row) {
        return new SnapshotRepresentation(
                row.getString("vendor_id"),
                row.getLong("number"),
                row.getString("status"),
                row.getBoolean("dry_run"),
                row.getLong("items"),
                row.getLong("listed"),
                row.getLong("live"),
                row.getLong("missing"),
                row.getLong("deleted"),
                row.getString("held_reason"),
                instant(row, "first_seen_at"),
                instant(row, "begun_at"),
                instant(row, "ended_at"),
                instant(row, "finished_at"),
                row.getString("decided_by"),
                instant(row, "decided_at"),
                row.getString("note"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}
