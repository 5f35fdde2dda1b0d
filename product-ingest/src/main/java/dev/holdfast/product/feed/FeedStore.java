package dev.holdfast.product.feed;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The statement that applies a batch. */
final class FeedStore {
    /*
     * Read it from the top. "gate" lets batches in side by side, unless one deliberates (see enterAlone); whoever meets
     * a rival there waits for a moment only, since two that claim each other's GTIN would wait for ever. "owned" is one
     * row while the epoch holds and keeps it from being raised until the commit; without it every other part is empty.
     * "message" is the batch with how its products stand. "written" takes per product only the message that leads
     * (highest version, then first offset), in key order, so that two batches never wait for each other crosswise, and
     * only if it is newer than what stands, so that a stale message costs no row lock. The guard in DO UPDATE decides
     * against a rival that committed since. What a change replaces goes to the history, what it brings to the outbox.
     * "outcome" compares each message with what stands now; a message that finds nothing to compare with lost to such a
     * rival, and the statement is run again on a new snapshot. Messages that change nothing leave a receipt, unless they
     * are read again and have one. Whether two products claim one GTIN is checked at the commit.
     */
    static final String APPLY = """
            WITH gate AS MATERIALIZED (
              SELECT pg_advisory_xact_lock_shared('product'::regclass::oid::int, 1), set_config('lock_timeout', '200ms', true)
            ), owned AS MATERIALIZED (
              SELECT high_offset FROM feed_partition
               WHERE EXISTS (SELECT FROM gate) AND topic = $1 AND partition = $2 AND epoch = $3 AND next_offset <= $4
                 FOR NO KEY UPDATE
            ), fence AS MATERIALIZED (
              SELECT high_offset FROM owned UNION ALL SELECT 0 FROM gate WHERE $3 IS NULL
            ), message AS MATERIALIZED (
              SELECT m.* FROM fence, feed_messages($10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) m
            ), written AS (
              INSERT INTO product AS p (vendor_id, sku, src_version, content_hash, content_version, source_partition,
                                        source_offset, state, gtin, name, price_minor, currency, attributes, deleted_at)
              SELECT m.vendor_id, m.sku, m.version, m.hash, m.version, $2, m.source_offset, m.state, m.gtin, m.name,
                     m.price_minor, m.currency, m.attributes::jsonb,
                     CASE m.state WHEN 'deleted' THEN clock_timestamp() END
                FROM message m
               WHERE m.leads AND (m.known_version IS NULL OR m.known_version < m.version)
               ORDER BY m.vendor_id COLLATE "C", m.sku COLLATE "C"
              ON CONFLICT (vendor_id, sku) DO UPDATE
                 SET src_version = excluded.src_version,
                     content_hash = excluded.content_hash,
                     row_version = CASE WHEN p.content_hash = excluded.content_hash AND p.changed_by IS NULL
                                        THEN p.row_version ELSE p.row_version + 1 END,
                     content_version = CASE WHEN p.content_hash = excluded.content_hash AND p.changed_by IS NULL
                                            THEN p.content_version ELSE excluded.content_version END,
                     source_partition = CASE WHEN p.content_hash = excluded.content_hash AND p.changed_by IS NULL
                                             THEN p.source_partition ELSE excluded.source_partition END,
                     source_offset = CASE WHEN p.content_hash = excluded.content_hash AND p.changed_by IS NULL
                                          THEN p.source_offset ELSE excluded.source_offset END,
                     updated_at = CASE WHEN p.content_hash = excluded.content_hash AND p.changed_by IS NULL
                                       THEN p.updated_at ELSE clock_timestamp() END,
                     changed_by = NULL,
                     state = excluded.state,
                     gtin = CASE excluded.state WHEN 'live' THEN excluded.gtin ELSE p.gtin END,
                     name = CASE excluded.state WHEN 'live' THEN excluded.name ELSE p.name END,
                     price_minor = CASE excluded.state WHEN 'live' THEN excluded.price_minor ELSE p.price_minor END,
                     currency = CASE excluded.state WHEN 'live' THEN excluded.currency ELSE p.currency END,
                     attributes = CASE excluded.state WHEN 'live' THEN excluded.attributes ELSE p.attributes END,
                     deleted_at = CASE excluded.state WHEN 'deleted' THEN coalesce(p.deleted_at, excluded.deleted_at) END
               WHERE p.src_version < excluded.src_version
              RETURNING new.vendor_id, new.sku, new.src_version, new.content_hash, new.row_version, new.state, new.gtin,
                        new.updated_at, old.row_version IS DISTINCT FROM new.row_version AS changed,
                        old.state AS old_state, old.row_version AS old_row_version,
                        old.content_version AS old_content_version, old.gtin AS old_gtin, old.name AS old_name,
                        old.price_minor AS old_price_minor, old.currency AS old_currency,
                        old.attributes AS old_attributes, old.source_partition AS old_source_partition,
                        old.source_offset AS old_source_offset, old.changed_by AS old_changed_by,
                        old.updated_at AS old_updated_at
            ), replaced AS (
              INSERT INTO product_history (vendor_id, sku, row_version, content_version, state, gtin, name, price_minor,
                                           currency, attributes, source_partition, source_offset, changed_by, valid_from,
                                           valid_to)
              SELECT w.vendor_id, w.sku, w.old_row_version, w.old_content_version, w.old_state, w.old_gtin, w.old_name,
                     w.old_price_minor, w.old_currency, w.old_attributes, w.old_source_partition, w.old_source_offset,
                     w.old_changed_by, w.old_updated_at, w.updated_at
                FROM written w
               WHERE $24 AND w.changed AND w.old_state IS NOT NULL
            ), told AS (
              INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, traceparent, payload)
              SELECT uuidv7(), $23,
                     CASE WHEN w.state = 'deleted' THEN 'product.deleted'
                          WHEN w.old_state IS NULL THEN 'product.listed'
                          WHEN w.old_state <> 'live' THEN 'product.restored'
                          ELSE 'product.changed' END,
                     w.vendor_id || ':' || w.sku, w.row_version, w.updated_at, m.traceparent,
                     CASE w.state
                       WHEN 'live' THEN product_payload(m.vendor_id, m.sku, m.version, m.gtin, m.name, m.price_minor,
                                                        m.currency, m.attributes)
                       ELSE product_gone_payload(m.vendor_id, m.sku, m.version) END
                FROM written w JOIN message m ON m.leads AND m.vendor_id = w.vendor_id AND m.sku = w.sku
               WHERE $25 AND w.changed
            ), outcome AS MATERIALIZED (
              SELECT m.position, m.vendor_id, m.sku, m.version, m.source_offset,
                     coalesce(w.src_version, m.known_version) AS standing,
                     CASE WHEN m.leads AND w.sku IS NOT NULL THEN CASE WHEN w.changed THEN 'A' ELSE 'U' END
                          WHEN m.version < coalesce(w.src_version, m.known_version) THEN 'S'
                          WHEN m.version = coalesce(w.src_version, m.known_version)
                            THEN CASE WHEN m.hash = coalesce(w.content_hash, m.known_hash) THEN 'D' ELSE 'Q' END
                          ELSE lost_to_a_rival() END AS letter
                FROM message m
                LEFT JOIN written w ON w.vendor_id = m.vendor_id AND w.sku = m.sku
            ), receipted AS (
              INSERT INTO receipt (vendor_id, sku, src_version, outcome, superseded_by, source_partition, source_offset)
              SELECT o.vendor_id, o.sku, o.version, CASE o.letter WHEN 'U' THEN 'unchanged' ELSE 'stale' END,
                     CASE o.letter WHEN 'S' THEN o.standing END, $2, o.source_offset
                FROM outcome o, fence f
               WHERE $24 AND o.letter IN ('U', 'S') AND (o.source_offset IS NULL OR o.source_offset >= f.high_offset)
            ), counted AS (
              SELECT count(*) AS received,
                     count(*) FILTER (WHERE letter = 'A') AS applied,
                     count(*) FILTER (WHERE letter = 'U') AS unchanged,
                     count(*) FILTER (WHERE letter = 'S') AS stale,
                     count(*) FILTER (WHERE letter = 'D') AS duplicate,
                     count(*) FILTER (WHERE letter = 'Q') AS quarantined,
                     coalesce(string_agg(letter, '' ORDER BY position), '') AS letters
                FROM outcome
            ), advanced AS (
              UPDATE feed_partition p
                 SET next_offset = $5,
                     high_offset = greatest(p.high_offset, $5),
                     received = p.received + c.received + $6 + $7 + $8 + $9,
                     skipped = p.skipped + $5 - p.next_offset - c.received - $6 - $7 - $8 - $9,
                     applied = p.applied + c.applied + $9,
                     unchanged = p.unchanged + c.unchanged,
                     stale = p.stale + c.stale,
                     duplicate = p.duplicate + c.duplicate + $8,
                     quarantined = p.quarantined + c.quarantined + $6,
                     waiting = p.waiting + $7
                FROM counted c, owned
               WHERE p.topic = $1 AND p.partition = $2
            )
            SELECT c.letters, (SELECT array_agg(lpad(w.old_gtin, 14, '0')) FROM written w
                                WHERE w.old_state = 'live' AND w.old_gtin IS NOT NULL
                                  AND (w.state <> 'live' OR w.gtin IS DISTINCT FROM w.old_gtin)) AS released
              FROM counted c, fence
            """;

    private static final String ENTER = """
            SELECT pg_advisory_xact_lock_shared('product'::regclass::oid::int, 1)
            """;
    private static final String ENTER_ALONE = """
            SELECT pg_advisory_xact_lock('product'::regclass::oid::int, 1)
            """;

    /** The name of the rule that two live products do not claim one GTIN. */
    static final String GTIN_RULE = "product_gtin_of_one_live_product";

    private final String eventTopic;
    private final boolean history;
    private final boolean events;

    FeedStore(ProductConfig config) {
        this.eventTopic = config.eventTopic();
        this.history = config.history();
        this.events = config.events();
    }

    /**
     * Waits until no other batch is under way and keeps others from beginning, so that what is read now holds until the
     * commit. To be called before anything else.
     */
    static Uni<Void> enterAlone(SqlConnection connection) {
        return connection.query(ENTER_ALONE).execute().replaceWithVoid();
    }

    /** For whoever changes products besides the feed: keeps batches out that must be alone. To be called before anything else. */
    static Uni<Void> enter(SqlConnection connection) {
        return connection.query(ENTER).execute().replaceWithVoid();
    }

    /**
     * Applies changes of a batch and moves its position past all of it.
     *
     * @param changes those that are neither rejected nor set aside
     * @param others what became of the other messages of the batch
     * @throws FencedOffException through the Uni, when the claim no longer holds
     */
    Uni<AppliedBatch> apply(
            SqlConnection connection, FeedBatch batch, ChangeColumns changes, Collection<Outcome> others) {
        Tuple parameters = Tuple.tuple()
                .addString(batch.claim().map(claim -> claim.partition().topic()).orElse(null))
                .addInteger(batch.origin().map(origin -> origin.partition()).orElse(null))
                .addLong(batch.claim().map(Claim::epoch).orElse(null))
                .addLong(batch.firstOffset())
                .addLong(batch.nextOffset())
                .addInteger(Collections.frequency(others, Outcome.QUARANTINED))
                .addInteger(Collections.frequency(others, Outcome.WAITING))
                .addInteger(Collections.frequency(others, Outcome.DUPLICATE))
                .addInteger(Collections.frequency(others, Outcome.APPLIED));
        changes.addTo(parameters);
        parameters.addString(eventTopic).addBoolean(history).addBoolean(events);
        return connection.preparedQuery(APPLY).execute(parameters).map(rows -> {
            if (rows.size() == 0) {
                Claim claim = batch.claim().orElseThrow();
                throw new FencedOffException(claim.partition().toString(), claim.epoch());
            }
            return toAppliedBatch(rows.iterator().next());
        });
    }

    private static AppliedBatch toAppliedBatch(Row row) {
        return new AppliedBatch(
                row.getString("letters").chars().mapToObj(Outcome::ofLetter).toList(),
                Optional.ofNullable(row.getArrayOfStrings("released"))
                        .map(List::of)
                        .orElse(List.of()));
    }
}
