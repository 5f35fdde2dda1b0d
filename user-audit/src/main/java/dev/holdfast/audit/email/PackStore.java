package dev.holdfast.audit.email;

import dev.holdfast.audit.proof.Ciphertext;
import dev.holdfast.audit.proof.Hash;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements of packs. */
final class PackStore {
    private static final String COLUMNS =
            "user_id, first_version, last_version, first_recorded_at, last_recorded_at, previous_hash, last_hash, body";
    /** The one in which a moment lies, or that ends before it; unless it ends before another. */
    static final String BEFORE = """
            SELECT * FROM (SELECT %s FROM email_pack WHERE user_id = $1 AND first_recorded_at <= $2
                            ORDER BY first_recorded_at DESC LIMIT 1) AS before
             WHERE last_recorded_at > $3
            """.formatted(COLUMNS);

    /** The same; and those behind it in which somebody says since when, recorded and valid by then. */
    private static final String AS_OF = """
            %2$s
            UNION ALL
            SELECT %1$s FROM email_pack
             WHERE user_id = $1 AND first_recorded_at > $2 AND first_recorded_at <= $4 AND dated_from <= $5
            """.formatted(COLUMNS, BEFORE);

    private static final String WINDOW = """
            SELECT %s FROM email_pack WHERE user_id = $1 AND last_recorded_at > $2 AND first_recorded_at <= $3
             ORDER BY first_recorded_at LIMIT $4
            """.formatted(COLUMNS);
    private static final String VERSIONS = """
            SELECT %s FROM email_pack WHERE user_id = $1 AND last_version >= $2 AND first_version <= $3 ORDER BY first_version
            """.formatted(COLUMNS);
    private static final String DUE = "SELECT user_id FROM pack_due ORDER BY user_id LIMIT $1";
    private static final String NOT_DUE = "DELETE FROM pack_due WHERE user_id = $1";
    private static final String HEAD = """
            SELECT packed, version FROM email_current WHERE user_id = $1 AND op <> 'e' FOR NO KEY UPDATE
            """;
    private static final String PACK = "SELECT pack_email_events($1, $2, $3, $4, $5) AS packed";

    private static final int EVENTS_MIN = 64;

    private PackStore() {}

    /** Versions of one user; its body is encrypted. */
    record Pack(
            UUID userId,
            long firstVersion,
            long lastVersion,
            Instant firstRecordedAt,
            Instant lastRecordedAt,
            Hash previousHash,
            Hash lastHash,
            Ciphertext body) {}

    /** How far a user's versions are packed. */
    record Head(long packed, long version) {}

    /** @param known no pack that ends at this moment or before */
    static Uni<Optional<Pack>> before(SqlClient client, UUID user, Instant moment, Instant known) {
        return client.preparedQuery(BEFORE)
                .execute(Tuple.of(user, utc(moment), utc(known)))
                .map(rows -> packs(rows).stream().findFirst());
    }

    /**
     * In which the event may lie that counts at these times, but for packs before the one of the earlier of them.
     *
     * @param known as with {@link #before}
     */
    static Uni<List<Pack>> asOf(
            SqlClient client, UUID user, Instant recorded, Instant valid, Instant earlier, Instant known) {
        return client.preparedQuery(AS_OF)
                .execute(Tuple.of(user, utc(earlier), utc(known), utc(recorded), utc(valid)))
                .map(PackStore::packs);
    }

    /**
     * With events recorded after {@code from} and not after {@code to}, the oldest first.
     *
     * @param limit of events: all packs but the first and the last lie wholly within
     */
    static Uni<List<Pack>> window(SqlClient client, UUID user, Instant from, Instant to, int limit) {
        return client.preparedQuery(WINDOW)
                .execute(Tuple.of(user, utc(from), utc(to), limit / EVENTS_MIN + 2))
                .map(PackStore::packs);
    }

    static Uni<List<Pack>> versions(SqlClient client, UUID user, long from, long to) {
        return client.preparedQuery(VERSIONS).execute(Tuple.of(user, from, to)).map(PackStore::packs);
    }

    static Uni<List<UUID>> due(SqlClient client, int limit) {
        return client.preparedQuery(DUE)
                .execute(Tuple.of(limit))
                .map(rows -> rows.stream().map(row -> row.getUUID(0)).toList());
    }

    static Uni<Void> notDue(SqlClient client, UUID user) {
        return client.preparedQuery(NOT_DUE).execute(Tuple.of(user)).replaceWithVoid();
    }

    /** Locked, so that nobody else packs; empty for who is forgotten. */
    static Uni<List<Head>> head(SqlConnection connection, UUID user) {
        return connection
                .preparedQuery(HEAD)
                .execute(Tuple.of(user))
                .map(rows -> rows.stream()
                        .map(row -> new Head(row.getLong("packed"), row.getLong("version")))
                        .toList());
    }

    /**
     * Puts it in the place of its events. False when they are not all sealed yet, or something does not fit.
     *
     * @param dated the earliest valid time that one of them says
     */
    static Uni<Boolean> pack(
            SqlConnection connection, UUID user, long from, long to, @Nullable Instant dated, Ciphertext body) {
        return connection
                .preparedQuery(PACK)
                .execute(Tuple.of(user, from, to, dated == null ? null : utc(dated), Buffer.buffer(body.bytes())))
                .map(rows -> rows.iterator().next().getBoolean("packed"));
    }

    private static List<Pack> packs(RowSet<Row> rows) {
        return rows.stream().map(PackStore::toPack).toList();
    }

    private static Pack toPack(Row row) {
        return new Pack(
                row.getUUID("user_id"),
                row.getLong("first_version"),
                row.getLong("last_version"),
                row.getOffsetDateTime("first_recorded_at").toInstant(),
                row.getOffsetDateTime("last_recorded_at").toInstant(),
                Hash.of(row.getBuffer("previous_hash").getBytes()),
                Hash.of(row.getBuffer("last_hash").getBytes()),
                Ciphertext.of(row.getBuffer("body").getBytes()));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
