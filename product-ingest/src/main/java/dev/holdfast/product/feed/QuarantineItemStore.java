package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What people see of the quarantine and do about it. */
final class QuarantineItemStore {
    private static final String FILTERED = """
             FROM quarantine
             WHERE ($1::text IS NULL OR vendor_id = $1) AND ($2::text IS NULL OR reason = $2)
               AND ($3::text IS NULL OR state = $3) AND ($4::text IS NULL OR topic = $4)
               AND ($5::int IS NULL OR partition = $5)
            """;
    private static final String PAGE = "SELECT * %s AND id > $6 ORDER BY id LIMIT $7".formatted(FILTERED);
    private static final String IDS = "SELECT id %s AND id > $6 ORDER BY id LIMIT $7".formatted(FILTERED);
    private static final String SUMMARY = """
            SELECT reason, count(*) FILTER (WHERE state = 'open') AS open,
                   count(*) FILTER (WHERE state = 'replayed') AS replayed,
                   count(*) FILTER (WHERE state = 'discarded') AS discarded,
                   min(quarantined_at) FILTER (WHERE state = 'open') AS oldest_open
              FROM quarantine WHERE $1::text IS NULL OR vendor_id = $1
             GROUP BY reason ORDER BY reason
            """;
    private static final String FIND = "SELECT * FROM quarantine WHERE id = $1";
    private static final String LOCK = "SELECT * FROM quarantine WHERE id = $1 FOR UPDATE";
    private static final String EDIT = """
            UPDATE quarantine SET edited = $2, edits = edits + 1 WHERE id = $1
            """;
    private static final String SETTLE = """
            UPDATE quarantine SET state = $2, settled_by = $3, settled_at = clock_timestamp() WHERE id = $1
            """;
    private static final String AUDIT = """
            INSERT INTO quarantine_audit (quarantine_id, action, subject, note, edited, outcome, reason, detail)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """;
    private static final String TRAIL = """
            SELECT action, subject, at, note, edited, outcome, reason, detail
              FROM quarantine_audit WHERE quarantine_id = $1 ORDER BY id LIMIT 1000
            """;
    private static final String RECOUNT = """
            UPDATE feed_partition
               SET quarantined = quarantined - 1, applied = applied + $3, unchanged = unchanged + $4, stale = stale + $5,
                   duplicate = duplicate + $6, waiting = waiting + $7
             WHERE topic = $1 AND partition = $2
            """;

    private QuarantineItemStore() {}

    /** Each part null for all. */
    record Filter(
            @Nullable String vendor,
            @Nullable String reason,
            @Nullable String state,
            @Nullable String topic,
            @Nullable Integer partition) {}

    /**
     * @param edits how often it was edited
     * @param edited what it was edited to, the last time
     */
    record Item(
            long id,
            TopicPartition partition,
            long offset,
            @Nullable Buffer key,
            Buffer raw,
            @Nullable String vendor,
            @Nullable String sku,
            @Nullable Long version,
            String reason,
            String detail,
            @Nullable String sqlState,
            @Nullable String constraint,
            Instant quarantinedAt,
            String state,
            @Nullable Buffer edited,
            int edits,
            @Nullable String settledBy,
            @Nullable Instant settledAt) {
        /** What would be applied. */
        Buffer current() {
            return edited == null ? raw : edited;
        }

        boolean isOpen() {
            return state.equals("open");
        }
    }

    /** What someone did. */
    record Action(
            String action,
            String subject,
            @Nullable String note,
            @Nullable Buffer edited,
            @Nullable String outcome,
            @Nullable String reason,
            @Nullable String detail) {
        static Action edited(String subject, @Nullable String note, Buffer edited) {
            return new Action("edited", subject, note, edited, null, null, null);
        }

        static Action discarded(String subject, String note) {
            return new Action("discarded", subject, note, null, null, null, null);
        }

        static Action replayed(String subject, @Nullable String note, Outcome outcome, @Nullable Rejection rejection) {
            return new Action(
                    "replayed",
                    subject,
                    note,
                    null,
                    outcome.label(),
                    rejection == null ? null : rejection.reason(),
                    rejection == null ? null : rejection.detail());
        }
    }

    /** An {@link Action} and when it was. */
    record Entry(Action action, Instant at) {}

    static Uni<List<Item>> page(SqlClient client, Filter filter, long afterId, int limit) {
        return client.preparedQuery(PAGE)
                .execute(parameters(filter).addLong(afterId).addInteger(limit))
                .map(rows -> rows.stream().map(QuarantineItemStore::toItem).toList());
    }

    static Uni<List<Long>> ids(SqlClient client, Filter filter, long afterId, int limit) {
        return client.preparedQuery(IDS)
                .execute(parameters(filter).addLong(afterId).addInteger(limit))
                .map(rows -> rows.stream().map(row -> row.getLong("id")).toList());
    }

    private static Tuple parameters(Filter filter) {
        return Tuple.tuple()
                .addString(filter.vendor())
                .addString(filter.reason())
                .addString(filter.state())
                .addString(filter.topic())
                .addInteger(filter.partition());
    }

    /** @param vendor null for all */
    static Uni<List<QuarantineSummary>> summary(SqlClient client, @Nullable String vendor) {
        return client.preparedQuery(SUMMARY)
                .execute(Tuple.tuple().addString(vendor))
                .map(rows -> rows.stream()
                        .map(row -> new QuarantineSummary(
                                row.getString("reason"),
                                row.getLong("open"),
                                row.getLong("replayed"),
                                row.getLong("discarded"),
                                instant(row, "oldest_open")))
                        .toList());
    }

    static Uni<Optional<Item>> find(SqlClient client, long id) {
        return one(client, FIND, id);
    }

    /** Nobody else does anything about it until the commit. */
    static Uni<Optional<Item>> lock(SqlConnection connection, long id) {
        return one(connection, LOCK, id);
    }

    private static Uni<Optional<Item>> one(SqlClient client, String sql, long id) {
        return client.preparedQuery(sql)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().map(QuarantineItemStore::toItem).findFirst());
    }

    static Uni<Void> edit(SqlConnection connection, long id, Buffer edited) {
        return connection
                .preparedQuery(EDIT)
                .execute(Tuple.of(id).addValue(edited))
                .replaceWithVoid();
    }

    static Uni<Void> settle(SqlConnection connection, long id, String state, String subject) {
        return connection
                .preparedQuery(SETTLE)
                .execute(Tuple.of(id, state, subject))
                .replaceWithVoid();
    }

    static Uni<Void> audit(SqlConnection connection, long id, Action action) {
        return connection
                .preparedQuery(AUDIT)
                .execute(Tuple.of(id)
                        .addString(action.action())
                        .addString(action.subject())
                        .addString(action.note())
                        .addValue(action.edited())
                        .addString(action.outcome())
                        .addString(action.reason())
                        .addString(action.detail()))
                .replaceWithVoid();
    }

    /** The oldest first; what comes after a thousand is left out. */
    static Uni<List<Entry>> trail(SqlClient client, long id) {
        return client.preparedQuery(TRAIL)
                .execute(Tuple.of(id))
                .map(rows -> rows.stream().map(QuarantineItemStore::toEntry).toList());
    }

    /** Moves a message of a partition from "quarantined" to what became of it now. */
    static Uni<Void> recount(SqlConnection connection, TopicPartition partition, Outcome outcome) {
        Tuple parameters = Tuple.of(partition.topic(), partition.partition());
        for (Outcome one :
                List.of(Outcome.APPLIED, Outcome.UNCHANGED, Outcome.STALE, Outcome.DUPLICATE, Outcome.WAITING)) {
            parameters.addInteger(one == outcome ? 1 : 0);
        }
        return connection.preparedQuery(RECOUNT).execute(parameters).replaceWithVoid();
    }

    private static Entry toEntry(Row row) {
        return new Entry(
                new Action(
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("note"),
                        row.get(Buffer.class, "edited"),
                        row.getString("outcome"),
                        row.getString("reason"),
                        row.getString("detail")),
                row.getOffsetDateTime("at").toInstant());
    }

    private static Item toItem(Row row) {
        return new Item(
                row.getLong("id"),
                new TopicPartition(row.getString("topic"), row.getInteger("partition")),
                row.getLong("offset"),
                row.get(Buffer.class, "message_key"),
                row.get(Buffer.class, "raw"),
                row.getString("vendor_id"),
                row.getString("sku"),
                row.getLong("src_version"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("sqlstate"),
                row.getString("constraint_name"),
                row.getOffsetDateTime("quarantined_at").toInstant(),
                row.getString("state"),
                row.get(Buffer.class, "edited"),
                row.getInteger("edits"),
                row.getString("settled_by"),
                instant(row, "settled_at"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}
