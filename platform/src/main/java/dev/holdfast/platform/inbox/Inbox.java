package dev.holdfast.platform.inbox;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.UUID;

/**
 * Remembers what a consumer has taken in, in the transaction of the effect: either both are there or neither.
 *
 * <p>Rivals that receive the same message at once queue up on the inbox row; the second finds it consumed. Looking
 * first and writing later would let both through.
 */
public final class Inbox {
    private static final String ADVANCE = """
            INSERT INTO inbox_version AS seen (consumer, aggregate_id, version)
            SELECT $1, $2, $3::bigint
             WHERE $3 = 1 OR EXISTS (SELECT FROM inbox_version WHERE consumer = $1 AND aggregate_id = $2)
            ON CONFLICT (consumer, aggregate_id) DO UPDATE SET version = excluded.version
             WHERE seen.version = excluded.version - 1
            RETURNING version
            """;
    private static final String SEEN = """
            SELECT version FROM inbox_version WHERE consumer = $1 AND aggregate_id = $2
            """;
    private static final String ONCE = """
            INSERT INTO inbox_event (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
            """;

    private Inbox() {}

    /**
     * For messages that carry a dense version per aggregate, beginning with 1.
     *
     * @param consumer names the reader; two consumers of one topic keep two positions
     */
    public static Uni<Receipt> receive(SqlConnection connection, String consumer, String aggregateId, long version) {
        return connection
                .preparedQuery(ADVANCE)
                .execute(Tuple.of(consumer, aggregateId, version))
                .chain(advanced -> advanced.size() == 1
                        ? Uni.createFrom().item(Receipt.NEXT)
                        : notNext(connection, consumer, aggregateId, version));
    }

    private static Uni<Receipt> notNext(SqlConnection connection, String consumer, String aggregateId, long version) {
        return connection
                .preparedQuery(SEEN)
                .execute(Tuple.of(consumer, aggregateId))
                .map(rows -> rows.size() == 1 && rows.iterator().next().getLong(0) >= version
                        ? Receipt.DUPLICATE
                        : Receipt.GAP);
    }

    /** For messages without a version: true the first time this id is seen. */
    public static Uni<Boolean> receiveOnce(SqlConnection connection, String consumer, UUID eventId) {
        return connection
                .preparedQuery(ONCE)
                .execute(Tuple.of(consumer, eventId))
                .map(rows -> rows.rowCount() == 1);
    }
}
