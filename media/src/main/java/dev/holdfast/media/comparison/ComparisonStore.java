package dev.holdfast.media.comparison;

import dev.holdfast.media.blob.BlobColumns;
import dev.holdfast.media.comparison.Comparison.Measured;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The statements of comparisons. */
final class ComparisonStore {
    /** Hashes know nothing of what they are of, so those behind any point are a fair sample; and an index finds them. */
    private static final String SAMPLE = """
            (SELECT id, sha256, size, backend, coalesce(copy_id, id) AS copy_id FROM blob WHERE state = 'l' AND sha256 >= $1 ORDER BY sha256 LIMIT $2)
            UNION ALL
            (SELECT id, sha256, size, backend, coalesce(copy_id, id) AS copy_id FROM blob WHERE state = 'l' AND sha256 < $1 ORDER BY sha256 LIMIT $2)
            LIMIT $2
            """;

    private static final String WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint AS bytes";

    private static final String INSERT = """
            INSERT INTO comparison (id, store, measured_at, images, bytes, write_median_micros, write_p95_micros, read_median_micros,
                                    read_p95_micros, wal_bytes, space_bytes, backup_micros)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """;
    private static final String FORGET_EARLIER = "DELETE FROM comparison WHERE id < $1";
    private static final String LATEST = """
            SELECT * FROM comparison WHERE id = (SELECT id FROM comparison ORDER BY id DESC LIMIT 1) ORDER BY store
            """;

    private ComparisonStore() {}

    /** An image that is kept, and where. */
    record Sampled(BlobRef ref, Backend backend) {}

    /** @param from any hash; another one, another sample */
    static Uni<List<Sampled>> sample(SqlClient client, Sha256 from, int limit) {
        return client.preparedQuery(SAMPLE)
                .execute(Tuple.of(Buffer.buffer(from.bytes()), limit))
                .map(rows -> rows.stream().map(ComparisonStore::toSampled).toList());
    }

    private static Sampled toSampled(Row row) {
        return new Sampled(BlobColumns.toRef(row), backend(row.getString("backend")));
    }

    /** How much has been logged since the server was made, in bytes. */
    static Uni<Long> wal(SqlClient client) {
        return client.preparedQuery(WAL)
                .execute()
                .map(rows -> rows.iterator().next().getLong("bytes"));
    }

    /** In place of those before it. */
    static Uni<Void> save(SqlConnection connection, Comparison comparison) {
        return connection
                .preparedQuery(INSERT)
                .executeBatch(comparison.stores().stream()
                        .map(measured -> parameters(comparison, measured))
                        .toList())
                .chain(() -> connection.preparedQuery(FORGET_EARLIER).execute(Tuple.of(comparison.id())))
                .replaceWithVoid();
    }

    private static Tuple parameters(Comparison comparison, Measured measured) {
        return Tuple.tuple()
                .addUUID(comparison.id())
                .addString(measured.store().name().toLowerCase(Locale.ROOT))
                .addOffsetDateTime(comparison.measuredAt().atOffset(ZoneOffset.UTC))
                .addInteger(comparison.images())
                .addLong(comparison.bytes())
                .addLong(measured.write().medianMicros())
                .addLong(measured.write().p95Micros())
                .addLong(measured.read().medianMicros())
                .addLong(measured.read().p95Micros())
                .addLong(measured.walBytes())
                .addLong(measured.spaceBytes())
                .addLong(measured.backupMicros());
    }

    static Uni<Optional<Comparison>> latest(SqlClient client) {
        return client.preparedQuery(LATEST)
                .execute()
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(first -> new Comparison(
                                first.getUUID("id"),
                                first.getOffsetDateTime("measured_at").toInstant(),
                                first.getInteger("images"),
                                first.getLong("bytes"),
                                rows.stream().map(ComparisonStore::toMeasured).toList())));
    }

    private static Measured toMeasured(Row row) {
        return new Measured(
                backend(row.getString("store")),
                new Latency(row.getLong("write_median_micros"), row.getLong("write_p95_micros")),
                new Latency(row.getLong("read_median_micros"), row.getLong("read_p95_micros")),
                row.getLong("wal_bytes"),
                row.getLong("space_bytes"),
                row.getLong("backup_micros"));
    }

    private static Backend backend(String name) {
        return Backend.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
