package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Who paused, resumed and rewound partitions. */
final class PartitionAuditStore {
    private static final String ADD = """
            INSERT INTO feed_audit (topic, partition, action, subject, reason, from_offset, to_offset)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """;
    private static final String OF_PARTITION = """
            SELECT * FROM feed_audit WHERE topic = $1 AND partition = $2 AND id < $3 ORDER BY id DESC LIMIT $4
            """;

    private PartitionAuditStore() {}

    /** An entry and its place, the newest highest. */
    record Entry(long id, FeedActionPage.FeedAction action) {}

    static Uni<Void> add(
            SqlConnection connection,
            TopicPartition partition,
            String action,
            String subject,
            @Nullable String reason,
            long fromOffset,
            long toOffset) {
        return connection
                .preparedQuery(ADD)
                .execute(Tuple.of(partition.topic(), partition.partition(), action, subject)
                        .addString(reason)
                        .addLong(fromOffset)
                        .addLong(toOffset))
                .replaceWithVoid();
    }

    /** The newest first. */
    static Uni<List<Entry>> page(SqlClient client, TopicPartition partition, long belowId, int limit) {
        return client.preparedQuery(OF_PARTITION)
                .execute(Tuple.of(partition.topic(), partition.partition(), belowId, limit))
                .map(rows -> rows.stream()
                        .map(row -> new Entry(
                                row.getLong("id"),
                                new FeedActionPage.FeedAction(
                                        row.getString("action"),
                                        row.getString("subject"),
                                        row.getOffsetDateTime("at").toInstant(),
                                        row.getString("reason"),
                                        row.getLong("from_offset"),
                                        row.getLong("to_offset"))))
                        .toList());
    }
}
