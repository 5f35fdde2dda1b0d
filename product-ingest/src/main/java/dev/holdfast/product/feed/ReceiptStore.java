package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a version of a product, from wherever that is written: what is shown, what was shown before, what changed
 * nothing, what was refused and what waits.
 */
final class ReceiptStore {
    private static final String OF_VERSION = """
            WITH shown AS MATERIALIZED (
              SELECT row_version, content_version, valid_from AS since, source_partition, source_offset, changed_by
                FROM product_version WHERE vendor_id = $1 AND sku = $2
            ), fate AS (
              SELECT 'applied' AS outcome, s.since AS at, CASE WHEN s.source_offset IS NOT NULL THEN $4 END AS topic,
                     s.source_partition AS partition, s.source_offset AS "offset", next.content_version AS superseded_by,
                     next.since AS superseded_at, next.changed_by AS superseded_by_whom, NULL AS reason, NULL AS detail,
                     NULL AS state, NULL AS blocked_by, NULL::timestamptz AS not_before
                FROM shown s
                LEFT JOIN LATERAL (SELECT n.content_version, n.since, n.changed_by FROM shown n
                                    WHERE n.row_version > s.row_version ORDER BY n.row_version LIMIT 1) next ON true
               WHERE s.content_version = $3
              UNION ALL
              SELECT r.outcome, r.received_at, CASE WHEN r.source_offset IS NOT NULL THEN $4 END, r.source_partition,
                     r.source_offset, r.superseded_by, (SELECT min(s.since) FROM shown s
                                                         WHERE s.content_version = r.superseded_by), NULL, NULL, NULL,
                     NULL, NULL, NULL
                FROM receipt r WHERE r.vendor_id = $1 AND r.sku = $2 AND r.src_version = $3
              UNION ALL
              SELECT 'quarantined', q.quarantined_at, q.topic, q.partition, q."offset", NULL, NULL, NULL, q.reason, q.detail,
                     q.state, NULL, NULL
                FROM quarantine q WHERE q.vendor_id = $1 AND q.sku = $2 AND q.src_version = $3
              UNION ALL
              SELECT 'waiting', w.waiting_since, w.topic, w.partition, w."offset", NULL, NULL, NULL, w.reason, NULL, NULL,
                     (SELECT p.vendor_id || ':' || p.sku FROM product p
                       WHERE p.state = 'live' AND p.gtin IS NOT NULL AND lpad(p.gtin, 14, '0') = w.gtin LIMIT 1),
                     CASE WHEN w.reason <> 'gtin' THEN w.not_before END
                FROM waiting_message w WHERE w.vendor_id = $1 AND w.sku = $2 AND w.src_version = $3
            )
            SELECT * FROM fate ORDER BY at LIMIT 100
            """;

    private ReceiptStore() {}

    /** @param topic where messages come from that were kept without it */
    static Uni<List<Receipt.Fate>> fates(SqlClient client, String vendor, String sku, long version, String topic) {
        return client.preparedQuery(OF_VERSION)
                .execute(Tuple.of(vendor, sku, version, topic))
                .map(rows -> rows.stream().map(ReceiptStore::toFate).toList());
    }

    private static Receipt.Fate toFate(Row row) {
        return new Receipt.Fate(
                row.getString("outcome"),
                row.getOffsetDateTime("at").toInstant(),
                row.getString("topic"),
                row.getInteger("partition"),
                row.getLong("offset"),
                Optional.ofNullable(instant(row, "superseded_at"))
                        .map(at -> new Receipt.Successor(
                                row.getLong("superseded_by"), row.getString("superseded_by_whom"), at))
                        .or(() -> Optional.ofNullable(row.getLong("superseded_by"))
                                .map(version -> new Receipt.Successor(version, null, null)))
                        .orElse(null),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("state"),
                row.getString("blocked_by"),
                instant(row, "not_before"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}
