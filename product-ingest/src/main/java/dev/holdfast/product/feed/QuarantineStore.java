package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Messages that cannot be applied as they are, with their bytes. */
final class QuarantineStore {
    private static final String ADD = """
            WITH message AS MATERIALIZED (
              SELECT * FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::bigint[], $9::text[],
                                   $10::text[], $11::text[], $12::text[])
                AS m ("offset", message_key, raw, vendor_id, sku, src_version, reason, detail, sqlstate, constraint_name)
            ), kept AS (
              INSERT INTO quarantine AS q (topic, partition, "offset", message_key, raw, vendor_id, sku, src_version, reason,
                                           detail, sqlstate, constraint_name)
              SELECT $1, $2, * FROM message
              ON CONFLICT (topic, partition, "offset") DO UPDATE SET state = 'open', settled_by = NULL, settled_at = NULL
               WHERE $13 AND q.state = 'replayed'
              RETURNING new.id, new."offset", old.id IS NOT NULL AS reopened
            )
            INSERT INTO quarantine_audit (quarantine_id, action, subject, outcome, reason, detail)
            SELECT k.id, 'reopened', 'the feed', 'quarantined', m.reason, m.detail
              FROM kept k JOIN message m USING ("offset")
             WHERE k.reopened
            """;

    private QuarantineStore() {}

    /**
     * Keeps messages with their bytes and the reasons; each must carry a {@link Rejection}. One that is read again is
     * there already.
     *
     * @param reopening true when they are not read again but tried again: one that was replayed, and then had to wait,
     *     can still be refused, and must not be forgotten
     */
    static Uni<Void> add(
            SqlConnection connection, TopicPartition partition, List<FeedMessage> messages, boolean reopening) {
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
                .addArrayOfString(column(rejections, Rejection::constraint))
                .addBoolean(reopening);
        return connection.preparedQuery(ADD).execute(parameters).replaceWithVoid();
    }

    private static String[] column(List<Rejection> rejections, Function<Rejection, @Nullable String> value) {
        return rejections.stream().map(value).toArray(String[]::new);
    }
}
