package dev.holdfast.product.feed;

import dev.holdfast.platform.lease.FencedOffException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The feed's SQL. One statement applies a batch; the rest is for taking a partition and for messages set aside. */
final class FeedStore {
    private static final String CLAIM = """
            INSERT INTO feed_partition AS p (topic, partition, epoch, next_offset) VALUES ($1, $2, 1, 0)
            ON CONFLICT (topic, partition) DO UPDATE SET epoch = p.epoch + 1
            RETURNING epoch, next_offset
            """;

    /*
     * Read it from the top. "owned" is one row while the epoch holds and keeps it from being raised until the commit;
     * without it every other part is empty. "written" takes per product only the message that leads (highest version,
     * then first offset), in key order, so that two batches never wait for each other crosswise, and only if it is
     * newer than what the snapshot shows ("known"), so that a stale message costs no row lock. The guard in DO UPDATE
     * decides against a rival that committed since. "outcome" compares each message with what stands now; a message
     * that finds nothing to compare with lost to such a rival, and the statement is run again on a new snapshot.
     */
    static final String APPLY = """
            WITH owned AS MATERIALIZED (
              SELECT 1 FROM feed_partition
               WHERE topic = $1 AND partition = $2 AND epoch = $3 AND next_offset <= $4
                 FOR NO KEY UPDATE
            ), fence AS MATERIALIZED (
              SELECT 1 FROM owned UNION ALL SELECT 1 WHERE $1 IS NULL
            ), message AS MATERIALIZED (
              SELECT m.* FROM fence, unnest($7::int[], $8::text[], $9::text[], $10::bigint[], $11::bool[], $12::text[],
                       $13::text[], $14::text[], $15::bigint[], $16::text[], $17::text[], $18::bytea[], $19::text[],
                       $20::text[], $21::uuid[])
                AS m (position, vendor_id, sku, version, leads, state, gtin, name, price_minor, currency, attributes,
                      hash, payload, traceparent, event_id)
            ), known AS MATERIALIZED (
              SELECT p.vendor_id, p.sku, p.src_version, p.content_hash, p.state
                FROM message m JOIN product p ON p.vendor_id = m.vendor_id AND p.sku = m.sku
               WHERE m.leads
            ), written AS (
              INSERT INTO product AS p (vendor_id, sku, src_version, state, gtin, name, price_minor, currency, attributes,
                                        content_hash)
              SELECT m.vendor_id, m.sku, m.version, m.state, m.gtin, m.name, m.price_minor, m.currency,
                     m.attributes::jsonb, m.hash
                FROM message m LEFT JOIN known k ON k.vendor_id = m.vendor_id AND k.sku = m.sku
               WHERE m.leads AND (k.src_version IS NULL OR k.src_version < m.version)
               ORDER BY m.vendor_id COLLATE "C", m.sku COLLATE "C"
              ON CONFLICT (vendor_id, sku) DO UPDATE
                 SET src_version = excluded.src_version,
                     row_version = p.row_version + (p.content_hash <> excluded.content_hash)::int,
                     state = excluded.state,
                     gtin = excluded.gtin,
                     name = CASE excluded.state WHEN 'live' THEN excluded.name ELSE p.name END,
                     price_minor = CASE excluded.state WHEN 'live' THEN excluded.price_minor ELSE p.price_minor END,
                     currency = CASE excluded.state WHEN 'live' THEN excluded.currency ELSE p.currency END,
                     attributes = CASE excluded.state WHEN 'live' THEN excluded.attributes ELSE p.attributes END,
                     content_hash = excluded.content_hash,
                     updated_at = clock_timestamp()
               WHERE p.src_version < excluded.src_version
              RETURNING new.vendor_id, new.sku, new.src_version, new.content_hash, new.row_version, new.updated_at,
                        new.state, old.state AS state_before,
                        old.content_hash IS DISTINCT FROM new.content_hash AS changed
            ), told AS (
              INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, traceparent, payload)
              SELECT m.event_id, $22,
                     CASE WHEN w.state = 'deleted' THEN 'product.deleted'
                          WHEN w.state_before IS NULL THEN 'product.listed'
                          WHEN w.state_before = 'deleted' THEN 'product.restored'
                          ELSE 'product.changed' END,
                     w.vendor_id || ':' || w.sku, w.row_version, w.updated_at, m.traceparent, m.payload
                FROM written w JOIN message m ON m.leads AND m.vendor_id = w.vendor_id AND m.sku = w.sku
               WHERE w.changed
            ), outcome AS MATERIALIZED (
              SELECT m.position,
                     CASE WHEN m.leads AND w.sku IS NOT NULL THEN CASE WHEN w.changed THEN 'A' ELSE 'U' END
                          WHEN m.version < coalesce(w.src_version, k.src_version) THEN 'S'
                          WHEN m.version = coalesce(w.src_version, k.src_version)
                            THEN CASE WHEN m.hash = coalesce(w.content_hash, k.content_hash) THEN 'D' ELSE 'Q' END
                          ELSE lost_to_a_rival() END AS letter
                FROM message m
                LEFT JOIN written w ON w.vendor_id = m.vendor_id AND w.sku = m.sku
                LEFT JOIN known k ON k.vendor_id = m.vendor_id AND k.sku = m.sku
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
                     received = p.received + c.received + $6,
                     applied = p.applied + c.applied,
                     unchanged = p.unchanged + c.unchanged,
                     stale = p.stale + c.stale,
                     duplicate = p.duplicate + c.duplicate,
                     quarantined = p.quarantined + c.quarantined + $6
                FROM counted c, owned
               WHERE p.topic = $1 AND p.partition = $2
            )
            SELECT c.letters FROM counted c, fence
            """;

    private static final String QUARANTINE = """
            INSERT INTO quarantine (topic, partition, "offset", message_key, raw, vendor_id, sku, src_version, reason,
                                    detail, sqlstate, constraint_name)
            SELECT $1, $2, * FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::bigint[],
                                         $9::text[], $10::text[], $11::text[], $12::text[])
            """;

    private static final String PARTITIONS = """
            SELECT * FROM feed_partition ORDER BY topic, partition
            """;

    private final String eventTopic;

    /** @param eventTopic where changes are told */
    FeedStore(String eventTopic) {
        this.eventTopic = eventTopic;
    }

    record Claimed(Claim claim, long nextOffset) {}

    /** Makes the caller the partition's owner: transactions of earlier owners change nothing from now on. */
    static Uni<Claimed> claim(SqlClient client, TopicPartition partition) {
        return client.preparedQuery(CLAIM)
                .execute(Tuple.of(partition.topic(), partition.partition()))
                .map(rows -> rows.iterator().next())
                .map(row -> new Claimed(new Claim(partition, row.getLong("epoch")), row.getLong("next_offset")));
    }

    /**
     * Applies the changes of a batch and moves its position past all of it.
     *
     * @param rejected how many more messages of the batch are set aside in the same transaction
     * @return an outcome per change; {@link Outcome#QUARANTINED} means: same version, other content
     * @throws FencedOffException through the Uni, when the claim no longer holds
     */
    Uni<List<Outcome>> apply(SqlConnection connection, FeedBatch batch, ChangeColumns changes, int rejected) {
        Tuple parameters = Tuple.tuple();
        batch.claim()
                .ifPresentOrElse(
                        claim -> parameters
                                .addString(claim.partition().topic())
                                .addInteger(claim.partition().partition())
                                .addLong(claim.epoch()),
                        () -> parameters.addString(null).addInteger(0).addLong(0L));
        parameters.addLong(batch.firstOffset()).addLong(batch.nextOffset()).addInteger(rejected);
        changes.addTo(parameters);
        parameters.addString(eventTopic);
        return connection.preparedQuery(APPLY).execute(parameters).map(rows -> {
            if (rows.size() == 0) {
                Claim claim = batch.claim().orElseThrow();
                throw new FencedOffException(claim.partition().toString(), claim.epoch());
            }
            return rows.iterator()
                    .next()
                    .getString(0)
                    .chars()
                    .mapToObj(Outcome::ofLetter)
                    .toList();
        });
    }

    /** Keeps messages with their bytes and the reasons. Each must carry a {@link Rejection}. */
    static Uni<Void> quarantine(SqlConnection connection, TopicPartition partition, List<FeedMessage> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<FeedMessage> ordered = messages.stream()
                .sorted(Comparator.comparingLong(FeedMessage::offset))
                .toList();
        List<Rejection> rejections =
                ordered.stream().map(message -> (Rejection) message.parsed()).toList();
        Tuple parameters = Tuple.of(partition.topic(), partition.partition())
                .addArrayOfLong(ordered.stream().map(FeedMessage::offset).toArray(Long[]::new))
                .addValue(ordered.stream().map(FeedMessage::key).toArray(Buffer[]::new))
                .addValue(ordered.stream().map(FeedMessage::raw).toArray(Buffer[]::new))
                .addArrayOfString(column(rejections, Rejection::vendor))
                .addArrayOfString(column(rejections, Rejection::sku))
                .addArrayOfLong(rejections.stream().map(Rejection::version).toArray(Long[]::new))
                .addArrayOfString(column(rejections, Rejection::reason))
                .addArrayOfString(column(rejections, Rejection::detail))
                .addArrayOfString(column(rejections, Rejection::sqlState))
                .addArrayOfString(column(rejections, Rejection::constraint));
        return connection.preparedQuery(QUARANTINE).execute(parameters).replaceWithVoid();
    }

    private static String[] column(List<Rejection> rejections, Function<Rejection, @Nullable String> value) {
        return rejections.stream().map(value).toArray(String[]::new);
    }

    static Uni<List<FeedPartition>> partitions(SqlClient client) {
        return client.query(PARTITIONS)
                .execute()
                .map(rows -> rows.stream().map(FeedStore::toFeedPartition).collect(Collectors.toList()));
    }

    private static FeedPartition toFeedPartition(Row row) {
        return new FeedPartition(
                row.getString("topic"),
                row.getInteger("partition"),
                row.getLong("epoch"),
                row.getLong("next_offset"),
                row.getLong("received"),
                row.getLong("applied"),
                row.getLong("unchanged"),
                row.getLong("stale"),
                row.getLong("duplicate"),
                row.getLong("quarantined"),
                row.getLong("waiting"));
    }
}
