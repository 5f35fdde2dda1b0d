package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what there is, and compares it with what was counted. */
final class FeedSurveyStore {
    /*
     * One statement sees one state of both tables. That two of the laws are constraints, too, does not make it idle: a
     * constraint can be dropped, and rows can be changed where it is not asked.
     */
    private static final String LINES = """
            SELECT coalesce(p.topic, w.topic) || '-' || coalesce(p.partition, w.partition) AS partition,
                   coalesce(p.received - p.applied - p.unchanged - p.stale - p.duplicate - p.quarantined - p.waiting, 0)
                     AS without_outcome,
                   coalesce(p.next_offset + p.rewound - p.received - p.skipped, 0) AS unmet_offsets,
                   coalesce(p.waiting, 0) - coalesce(w.messages, 0) AS not_waiting,
                   p.paused_reason
              FROM feed_partition p
              FULL JOIN (SELECT topic, partition, count(*) AS messages FROM waiting_message
                          WHERE topic IS NOT NULL GROUP BY topic, partition) w
                ON w.topic = p.topic AND w.partition = p.partition
             ORDER BY 1
            """;
    private static final String WAITING = "SELECT reason, count(*) AS messages FROM waiting_message GROUP BY reason";
    private static final String OPEN = """
            SELECT (SELECT count(*) FROM quarantine WHERE state = 'open') AS quarantined,
                   (SELECT count(*) FROM snapshot WHERE items_kept AND status = 'held') AS held
            """;

    private FeedSurveyStore() {}

    static Uni<FeedSurvey> survey(SqlClient client, Instant now) {
        return lines(client)
                .chain(lines -> waiting(client)
                        .chain(waiting -> client.query(OPEN)
                                .execute()
                                .map(rows -> rows.iterator().next())
                                .map(row -> new FeedSurvey(
                                        now, lines, waiting, row.getLong("quarantined"), row.getLong("held")))));
    }

    private static Uni<List<FeedSurvey.Line>> lines(SqlClient client) {
        return client.query(LINES)
                .execute()
                .map(rows -> rows.stream().map(FeedSurveyStore::toLine).toList());
    }

    private static FeedSurvey.Line toLine(Row row) {
        return new FeedSurvey.Line(
                row.getString("partition"),
                row.getLong("without_outcome"),
                row.getLong("unmet_offsets"),
                row.getLong("not_waiting"),
                row.getString("paused_reason"));
    }

    private static Uni<Map<String, Long>> waiting(SqlClient client) {
        return client.query(WAITING)
                .execute()
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(row -> row.getString("reason"), row -> row.getLong("messages"))));
    }
}
