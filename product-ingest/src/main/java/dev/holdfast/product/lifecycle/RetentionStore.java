package dev.holdfast.product.lifecycle;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes and drops partitions, by a function of the schema's owner: the service itself may do neither. */
final class RetentionStore {
    private static final String KEEP = """
            SELECT partition_name, deed FROM keep_partitions($1, $2, $3, $4, $5) ORDER BY partition_name
            """;

    private RetentionStore() {}

    /**
     * @param kind {@code history}, {@code receipts} or {@code archive}
     * @param today of which month the first partition must be there
     * @param monthsAhead 0 to 24
     * @param keepFrom months that ended before go; null for none
     */
    static Uni<RetentionRun.OfTable> keep(
            SqlConnection connection,
            String kind,
            LocalDate today,
            int monthsAhead,
            @Nullable Instant keepFrom,
            boolean dryRun) {
        return connection
                .preparedQuery(KEEP)
                .execute(Tuple.of(
                        kind, today, monthsAhead, keepFrom == null ? null : keepFrom.atOffset(ZoneOffset.UTC), dryRun))
                .map(rows -> rows.stream()
                        .collect(Collectors.groupingBy(
                                row -> row.getString("deed"),
                                Collectors.mapping(row -> row.getString("partition_name"), Collectors.toList()))))
                .map(deeds -> new RetentionRun.OfTable(
                        kind,
                        keepFrom,
                        deeds.getOrDefault("made", List.of()),
                        deeds.getOrDefault("dropped", List.of())));
    }
}
