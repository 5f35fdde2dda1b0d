package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Messages that wait, and what they wait for. */
final class WaitingStore {
    private static final String HOLDINGS = """
            SELECT p.vendor_id || ':' || p.sku AS product, p.src_version,
                   CASE p.state WHEN 'live' THEN lpad(p.gtin, 14, '0') END AS gtin
              FROM unnest($1::text[], $2::text[]) AS m (vendor_id, sku)
              JOIN product p ON p.vendor_id = m.vendor_id AND p.sku = m.sku
            UNION
            SELECT p.vendor_id || ':' || p.sku, p.src_version, lpad(p.gtin, 14, '0')
              FROM product p
             WHERE p.state = 'live' AND p.gtin IS NOT NULL AND lpad(p.gtin, 14, '0') = ANY ($3::text[])
            """;
    private static final String WAITING = """
            SELECT vendor_id || ':' || sku AS product, src_version, content_hash FROM waiting_of($1, $2)
            """;
    private static final String ADD = """
            INSERT INTO waiting_message (topic, partition, vendor_id, sku, src_version, content_hash, reason, gtin,
                                         not_before, "offset", message_key, raw)
            SELECT $1, $2, vendor_id, sku, src_version, content_hash, reason, gtin,
                   coalesce(not_before, clock_timestamp()), "offset", message_key, raw
              FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bytea[], $7::text[], $8::text[], $9::timestamptz[],
                          $10::bigint[], $11::bytea[], $12::bytea[])
                AS m (vendor_id, sku, src_version, content_hash, reason, gtin, not_before, "offset", message_key, raw)
             ORDER BY vendor_id COLLATE "C", sku COLLATE "C", src_version
            """;
    /*
     * Due are messages whose product has moved past them, whose GTIN nobody has, or whose time has come. Of one
     * product and of one GTIN the longest waiting goes first. Those of a flood wait until no more of it comes, or for the
     * longest they may: let go in the midst of it, they would be in the way of those whom they were to let pass.
     */
    private static final String DUE = """
            WITH flood AS MATERIALIZED (
              SELECT coalesce(max(waiting_since) > clock_timestamp() - interval '1 second'
                              AND min(waiting_since) > clock_timestamp() - $2 * interval '1 second', false) AS goes_on
                FROM waiting_message WHERE reason = 'share'
            )
            SELECT w.*
              FROM waiting_message w
             WHERE w.not_before <= clock_timestamp()
               AND (w.reason <> 'share' OR NOT (SELECT goes_on FROM flood))
               AND (w.reason <> 'gtin'
                    OR NOT EXISTS (SELECT FROM product p
                                    WHERE p.state = 'live' AND p.gtin IS NOT NULL AND lpad(p.gtin, 14, '0') = w.gtin
                                      AND (p.vendor_id, p.sku) <> (w.vendor_id, w.sku))
                    OR EXISTS (SELECT FROM product p
                                WHERE p.vendor_id = w.vendor_id AND p.sku = w.sku AND p.src_version >= w.src_version))
             ORDER BY w.reason, w.topic, w.partition, w.waiting_since, w.src_version DESC
             LIMIT $1
            """;
    private static final String REMOVE = """
            SELECT vendor_id || ':' || sku || ':' || src_version AS id FROM take_waiting($1, $2, $3)
            """;
    private static final String SETTLE = """
            UPDATE feed_partition
               SET waiting = waiting - $3, applied = applied + $4, unchanged = unchanged + $5, stale = stale + $6,
                   duplicate = duplicate + $7, quarantined = quarantined + $8
             WHERE topic = $1 AND partition = $2
            """;

    /** The name of the rule that a version of a product waits once. */
    static final String ONCE_RULE = "waiting_message_pkey";

    private WaitingStore() {}

    /**
     * @param origin of messages that came from the topic
     * @param reason it waits for
     */
    record WaitingMessage(
            String vendor,
            String sku,
            long version,
            SetAside.Reason reason,
            Optional<TopicPartition> origin,
            FeedMessage message) {
        String id() {
            return vendor + ":" + sku + ":" + version;
        }

        WaitingMessage rejectedFor(Rejection rejection) {
            return new WaitingMessage(vendor, sku, version, reason, origin, message.rejectedFor(rejection));
        }
    }

    static Uni<List<GtinRules.Holding>> holdings(SqlConnection connection, List<FeedMessage> changes) {
        return connection
                .preparedQuery(HOLDINGS)
                .execute(keys(changes)
                        .addArrayOfString(changes.stream()
                                .map(message -> message.change().claimedGtin())
                                .filter(gtin -> gtin != null)
                                .toArray(String[]::new)))
                .map(rows -> rows.stream()
                        .map(row -> new GtinRules.Holding(
                                row.getString("product"), row.getLong("src_version"), row.getString("gtin")))
                        .toList());
    }

    static Uni<List<WaitingLine.Waiting>> waiting(SqlConnection connection, List<FeedMessage> changes) {
        return connection
                .preparedQuery(WAITING)
                .execute(keys(changes))
                .map(rows -> rows.stream()
                        .map(row -> new WaitingLine.Waiting(
                                row.getString("product"),
                                row.getLong("src_version"),
                                row.get(Buffer.class, "content_hash")))
                        .toList());
    }

    private static Tuple keys(List<FeedMessage> changes) {
        return Tuple.tuple()
                .addArrayOfString(changes.stream()
                        .map(message -> message.change().vendor())
                        .toArray(String[]::new))
                .addArrayOfString(
                        changes.stream().map(message -> message.change().sku()).toArray(String[]::new));
    }

    /** Only those whose outcome is to wait. */
    static Uni<Void> add(
            SqlConnection connection, Optional<TopicPartition> origin, Map<FeedMessage, SetAside> setAside) {
        List<FeedMessage> messages = setAside.entrySet().stream()
                .filter(entry -> entry.getValue().outcome() == Outcome.WAITING)
                .map(Map.Entry::getKey)
                .toList();
        if (messages.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<SetAside> reasons = messages.stream().map(setAside::get).toList();
        Tuple parameters = Tuple.of(
                        origin.map(TopicPartition::topic).orElse(null),
                        origin.map(TopicPartition::partition).orElse(null))
                .addArrayOfString(column(messages, message -> message.change().vendor(), String[]::new))
                .addArrayOfString(column(messages, message -> message.change().sku(), String[]::new))
                .addArrayOfLong(column(messages, message -> message.change().version(), Long[]::new))
                .addValue(column(messages, message -> message.change().contentHash(), Buffer[]::new))
                .addArrayOfString(column(reasons, why -> why.reason().label(), String[]::new))
                .addArrayOfString(column(reasons, SetAside::gtin, String[]::new))
                .addArrayOfOffsetDateTime(column(reasons, WaitingStore::notBefore, OffsetDateTime[]::new))
                .addArrayOfLong(column(messages, message -> origin.isPresent() ? message.offset() : null, Long[]::new))
                .addValue(column(messages, FeedMessage::key, Buffer[]::new))
                .addValue(column(messages, FeedMessage::raw, Buffer[]::new));
        return connection.preparedQuery(ADD).execute(parameters).replaceWithVoid();
    }

    private static @Nullable OffsetDateTime notBefore(SetAside why) {
        return why instanceof SetAside.Later later ? later.notBefore().atOffset(ZoneOffset.UTC) : null;
    }

    private static <T, V> @Nullable V[] column(
            List<T> rows, Function<T, @Nullable V> value, IntFunction<@Nullable V[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    /**
     * Messages that need wait no longer, as far as can be seen without a lock.
     *
     * @param floodMax how long messages of a flood wait at most for its end
     */
    static Uni<List<WaitingMessage>> due(SqlClient client, MessageParser parser, int limit, Duration floodMax) {
        return client.preparedQuery(DUE)
                .execute(Tuple.of(limit, (double) floodMax.toSeconds()))
                .map(rows ->
                        rows.stream().map(row -> toWaitingMessage(row, parser)).collect(Collectors.toList()));
    }

    private static WaitingMessage toWaitingMessage(Row row, MessageParser parser) {
        Buffer raw = row.get(Buffer.class, "raw");
        String topic = row.getString("topic");
        Long offset = row.getLong("offset");
        return new WaitingMessage(
                row.getString("vendor_id"),
                row.getString("sku"),
                row.getLong("src_version"),
                SetAside.Reason.ofLabel(row.getString("reason")),
                topic == null ? Optional.empty() : Optional.of(new TopicPartition(topic, row.getInteger("partition"))),
                new FeedMessage(
                        offset == null ? 0 : offset,
                        row.get(Buffer.class, "message_key"),
                        raw,
                        null,
                        parser.parse(raw.getBytes())));
    }

    /** @return those that were still there; whoever gets them has to see to them in the same transaction */
    static Uni<List<WaitingMessage>> remove(SqlConnection connection, List<WaitingMessage> messages) {
        return connection
                .preparedQuery(REMOVE)
                .execute(Tuple.tuple()
                        .addArrayOfString(
                                messages.stream().map(WaitingMessage::vendor).toArray(String[]::new))
                        .addArrayOfString(
                                messages.stream().map(WaitingMessage::sku).toArray(String[]::new))
                        .addArrayOfLong(
                                messages.stream().map(WaitingMessage::version).toArray(Long[]::new)))
                .map(rows -> {
                    Set<String> removed =
                            rows.stream().map(row -> row.getString("id")).collect(Collectors.toSet());
                    return messages.stream()
                            .filter(message -> removed.contains(message.id()))
                            .toList();
                });
    }

    /**
     * Moves messages of a partition from "waiting" to what became of them.
     *
     * @param outcomes of those that left
     */
    static Uni<Void> settle(SqlConnection connection, TopicPartition partition, List<Outcome> outcomes) {
        Tuple parameters = Tuple.of(partition.topic(), partition.partition(), outcomes.size());
        for (Outcome outcome :
                List.of(Outcome.APPLIED, Outcome.UNCHANGED, Outcome.STALE, Outcome.DUPLICATE, Outcome.QUARANTINED)) {
            parameters.addLong(outcomes.stream().filter(one -> one == outcome).count());
        }
        return connection.preparedQuery(SETTLE).execute(parameters).replaceWithVoid();
    }
}
