package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where the feed stands in each partition, and who may move it. */
final class PartitionStore {
    private static final String CLAIM = """
            INSERT INTO feed_partition AS p (topic, partition, epoch, next_offset) VALUES ($1, $2, 1, 0)
            ON CONFLICT (topic, partition) DO UPDATE SET epoch = p.epoch + 1
            RETURNING epoch, next_offset, high_offset, paused_reason
            """;
    private static final String ALL = """
            SELECT * FROM feed_partition ORDER BY topic, partition
            """;
    private static final String ONE = """
            SELECT * FROM feed_partition WHERE topic = $1 AND partition = $2
            """;
    private static final String LOCK = """
            SELECT * FROM feed_partition WHERE topic = $1 AND partition = $2 FOR NO KEY UPDATE
            """;
    private static final String TRIP = """
            UPDATE feed_partition SET paused_reason = $4, paused_at = clock_timestamp()
             WHERE topic = $1 AND partition = $2 AND epoch = $3 AND paused_reason IS NULL
            """;
    private static final String END_TRIP = """
            UPDATE feed_partition SET paused_reason = NULL, paused_at = NULL
             WHERE topic = $1 AND partition = $2 AND paused_reason LIKE 'breaker:%'
            """;
    private static final String PAUSE = """
            UPDATE feed_partition SET epoch = epoch + 1, paused_reason = $3, paused_at = clock_timestamp()
             WHERE topic = $1 AND partition = $2
            RETURNING *
            """;
    private static final String RESUME = """
            UPDATE feed_partition SET paused_reason = NULL, paused_at = NULL
             WHERE topic = $1 AND partition = $2
            RETURNING *
            """;
    private static final String REWIND = """
            UPDATE feed_partition
               SET epoch = epoch + 1, rewound = rewound + (next_offset - $3), next_offset = $3,
                   paused_reason = NULL, paused_at = NULL
             WHERE topic = $1 AND partition = $2 AND next_offset >= $3
            RETURNING *
            """;

    private PartitionStore() {}

    /** @param pausedReason why nothing may be taken for now */
    record Claimed(Claim claim, long nextOffset, @Nullable String pausedReason) {}

    /** Makes the caller the partition's owner: transactions of earlier owners change nothing from now on. */
    static Uni<Claimed> claim(SqlClient client, TopicPartition partition) {
        return client.preparedQuery(CLAIM)
                .execute(parameters(partition))
                .map(rows -> rows.iterator().next())
                .map(row -> new Claimed(
                        new Claim(partition, row.getLong("epoch"), row.getLong("high_offset")),
                        row.getLong("next_offset"),
                        row.getString("paused_reason")));
    }

    static Uni<List<FeedPartition>> all(SqlClient client) {
        return client.query(ALL)
                .execute()
                .map(rows -> rows.stream().map(PartitionStore::toFeedPartition).collect(Collectors.toList()));
    }

    static Uni<Optional<FeedPartition>> find(SqlClient client, TopicPartition partition) {
        return one(client, ONE, parameters(partition));
    }

    /** Until the commit it stands still. */
    static Uni<Optional<FeedPartition>> lock(SqlClient connection, TopicPartition partition) {
        return one(connection, LOCK, parameters(partition));
    }

    /** Pauses on behalf of the owner, who goes on holding the claim; without effect when it lost it. */
    static Uni<Void> trip(SqlClient client, Claim claim, String reason) {
        return client.preparedQuery(TRIP)
                .execute(parameters(claim.partition()).addLong(claim.epoch()).addString(reason))
                .replaceWithVoid();
    }

    /** Lets the partition go on that {@link Breaker} stopped; one that a person has paused meanwhile stays paused. */
    static Uni<Void> endTrip(SqlClient client, TopicPartition partition) {
        return client.preparedQuery(END_TRIP).execute(parameters(partition)).replaceWithVoid();
    }

    /** Pauses on behalf of a person: the owner, wherever it is, is fenced off and finds the reason when it comes back. */
    static Uni<Optional<FeedPartition>> pause(SqlClient client, TopicPartition partition, String reason) {
        return one(client, PAUSE, parameters(partition).addString(reason));
    }

    static Uni<Optional<FeedPartition>> resume(SqlClient client, TopicPartition partition) {
        return one(client, RESUME, parameters(partition));
    }

    /**
     * Gives offsets back to be read again.
     *
     * @param offset at most where the feed stands
     */
    static Uni<Optional<FeedPartition>> rewind(SqlClient client, TopicPartition partition, long offset) {
        return one(client, REWIND, parameters(partition).addLong(offset));
    }

    private static Uni<Optional<FeedPartition>> one(SqlClient client, String sql, Tuple parameters) {
        return client.preparedQuery(sql)
                .execute(parameters)
                .map(rows -> rows.stream().map(PartitionStore::toFeedPartition).findFirst());
    }

    private static Tuple parameters(TopicPartition partition) {
        return Tuple.of(partition.topic(), partition.partition());
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
                row.getLong("waiting"),
                row.getLong("skipped"),
                row.getLong("rewound"),
                row.getString("paused_reason"),
                row.getOffsetDateTime("paused_at") == null
                        ? null
                        : row.getOffsetDateTime("paused_at").toInstant());
    }
}
