package dev.holdfast.audit.email;

import dev.holdfast.audit.key.WrappedKey;
import dev.holdfast.audit.proof.Ciphertext;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements of the history. */
final class EmailStore {
    private static final String APPEND = """
            SELECT outcome, at_version, recorded, number_told
              FROM append_email_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """;
    private static final String EVENT = """
            user_id, version, recorded_at, valid_from, event_id, op::text, address, actor, reason, source, hash""";

    static final String HISTORY = """
            SELECT %s FROM email_event
             WHERE user_id = $1 AND recorded_at > $2 AND recorded_at <= $3 ORDER BY recorded_at LIMIT $4
            """.formatted(EVENT);
    private static final String VERSIONS =
            "SELECT %s FROM email_event WHERE user_id = $1 AND version BETWEEN $2 AND $3 ORDER BY version"
                    .formatted(EVENT);

    private static final String STATE = "SELECT * FROM email_state($1, $2, $3, $4, $5)";

    private static final String NOTE = """
            INSERT INTO email_read (user_id, reader, purpose, what) VALUES ($1, $2, $3, $4)
            """;

    private static final String STATES_OF = """
            SELECT u.id AS owner, k.key_id, k.wrapped, found.user_id, found.version, found.recorded_at, found.valid_from,
                   found.event_id, found.op::text, found.address, found.actor, found.reason, found.source, found.hash
              FROM (%s) AS u (id)
              LEFT JOIN user_key k ON k.user_id = u.id
              LEFT JOIN LATERAL email_as_of(u.id, $2, $3) AS found ON true
             ORDER BY u.id
            """;
    static final String POPULATION =
            STATES_OF.formatted("SELECT user_id FROM email_current WHERE user_id > $1 ORDER BY user_id LIMIT $4");
    private static final String STATES = STATES_OF.formatted("SELECT unnest($1::uuid[])");

    /** Of a pack that begins before the window and ends behind it, nothing need be recorded in the window. */
    private static final String CHANGED = """
            SELECT user_id, bool_or(certain) AS certain FROM (
              SELECT user_id, true AS certain FROM email_event WHERE recorded_at > $1 AND recorded_at <= $2 AND user_id > $3
              UNION ALL
              SELECT user_id, first_recorded_at > $1 OR last_recorded_at <= $2 FROM email_pack
               WHERE last_recorded_at > $1 AND first_recorded_at <= $2 AND user_id > $3) AS found
             GROUP BY user_id ORDER BY user_id LIMIT $4
            """;

    private static final String KEY = "SELECT key_id, wrapped FROM user_key WHERE user_id = $1";
    private static final String KEYS = "SELECT user_id, key_id, wrapped FROM user_key WHERE user_id = ANY ($1)";
    private static final String NEW_KEY = """
            INSERT INTO user_key (user_id, key_id, wrapped) VALUES ($1, $2, $3)
            """;
    private static final String HEAD = """
            SELECT version, recorded_at, told, op::text, hold FROM email_current WHERE user_id = $1
            """;
    private static final String HOLDERS = """
            SELECT user_id FROM email_holder WHERE blind = $1 AND user_id > $2 ORDER BY user_id LIMIT $3
            """;

    private static final String READS = """
            SELECT read_at, reader, purpose, what FROM email_read
             WHERE user_id = $1 AND read_at < $2 ORDER BY read_at DESC LIMIT $3
            """;
    private static final String KEEP_PARTITIONS =
            "SELECT count(*)::int AS made FROM keep_email_partitions(current_date, $1)";

    private EmailStore() {}

    /** The end of a user's history. */
    record Head(long version, Instant recordedAt, long told, EmailOp op, boolean hold) {}

    /**
     * A change, ready to be stored.
     *
     * @param address of changes that bring one
     * @param blind of the same
     * @param traceparent of the request
     */
    record Append(
            EmailChange change,
            @Nullable Ciphertext address,
            @Nullable Buffer blind,
            @Nullable String traceparent) {
        private @Nullable Buffer addressBytes() {
            return address == null ? null : Buffer.buffer(address.bytes());
        }

        private @Nullable OffsetDateTime validFrom() {
            Instant validFrom = change.validFrom();
            return validFrom == null ? null : utc(validFrom);
        }
    }

    /** All or none, of different users; a result for each, in their order. */
    static Uni<List<AppendResult>> append(SqlClient client, @Nullable String topic, List<Append> appends) {
        Tuple parameters = Tuple.tuple()
                .addArrayOfUUID(column(appends, one -> one.change().userId(), UUID[]::new))
                .addArrayOfLong(column(appends, one -> one.change().expectedVersion(), Long[]::new))
                .addArrayOfUUID(column(appends, one -> one.change().eventId(), UUID[]::new))
                .addArrayOfString(
                        column(appends, one -> String.valueOf(one.change().op().letter()), String[]::new))
                .addArrayOfOffsetDateTime(column(appends, Append::validFrom, OffsetDateTime[]::new))
                .addValue(column(appends, Append::addressBytes, Buffer[]::new))
                .addValue(column(appends, Append::blind, Buffer[]::new))
                .addArrayOfString(column(appends, one -> one.change().actor(), String[]::new))
                .addArrayOfString(column(appends, one -> one.change().reason(), String[]::new))
                .addArrayOfString(column(appends, one -> one.change().source(), String[]::new))
                .addString(topic)
                .addArrayOfString(column(appends, one -> one.change().op().eventType(), String[]::new))
                .addArrayOfString(column(appends, Append::traceparent, String[]::new));
        return client.preparedQuery(APPEND)
                .execute(parameters)
                .map(rows -> rows.stream().map(EmailStore::toResult).toList());
    }

    private static <T> @Nullable T[] column(
            List<Append> appends, Function<Append, @Nullable T> value, IntFunction<@Nullable T[]> array) {
        return appends.stream().map(value).toArray(array);
    }

    private static AppendResult toResult(Row row) {
        long version = row.getLong("at_version");
        return switch (row.getString("outcome")) {
            case "appended" -> new AppendResult.Appended(version, instant(row, "recorded"), row.getLong("number_told"));
            case "exists" -> new AppendResult.Exists(version, instant(row, "recorded"));
            case "different" -> new AppendResult.Different(version);
            case "stale" -> new AppendResult.Stale(version);
            case "valid_in_the_future" -> new AppendResult.ValidInTheFuture();
            case "unknown" -> new AppendResult.Unknown();
            case "erased" -> new AppendResult.Erased();
            default -> throw new IllegalStateException("No outcome is called " + row.getString("outcome"));
        };
    }

    /** @param event empty before the first one */
    record State(
            long headVersion,
            Optional<WrappedKey> key,
            Instant stableUntil,
            Optional<EmailEvent> event,
            boolean verified) {}

    /**
     * Empty for a user that nobody knows.
     *
     * @param note null for who reads about themself
     */
    static Uni<Optional<State>> state(
            SqlClient client, UUID user, Instant recorded, Instant valid, @Nullable ReadNote note) {
        return client.preparedQuery(STATE)
                .execute(Tuple.of(
                        user,
                        utc(recorded),
                        utc(valid),
                        note == null ? null : note.reader(),
                        note == null ? null : note.purpose()))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new State(
                                row.getLong("head"),
                                key(row),
                                instant(row, "stable"),
                                row.getUUID("user_id") == null ? Optional.empty() : Optional.of(EmailEvents.of(row)),
                                row.getBoolean("verified"))));
    }

    /** @param user null for everybody */
    static Uni<Void> note(SqlClient client, @Nullable UUID user, ReadNote note, String what) {
        return client.preparedQuery(NOTE)
                .execute(Tuple.of(user, note.reader(), note.purpose(), what))
                .replaceWithVoid();
    }

    /** Who read about a user before a moment, the latest first; those who read about everybody are not among them. */
    static Uni<List<ReadsPage.Item>> reads(SqlClient client, UUID user, Instant before, int limit) {
        return client.preparedQuery(READS)
                .execute(Tuple.of(user, utc(before), limit))
                .map(rows -> rows.stream()
                        .map(row -> new ReadsPage.Item(
                                instant(row, "read_at"),
                                row.getString("reader"),
                                row.getString("purpose"),
                                row.getString("what")))
                        .toList());
    }

    /** Recorded after {@code from} and not after {@code to}, the oldest first. */
    static Uni<List<EmailEvent>> history(SqlClient client, UUID user, Instant from, Instant to, int limit) {
        return client.preparedQuery(HISTORY)
                .execute(Tuple.of(user, utc(from), utc(to), limit))
                .map(rows -> rows.stream().map(EmailEvents::of).toList());
    }

    /** How many were made. */
    static Uni<Integer> keepPartitions(SqlClient client, int monthsAhead) {
        return client.preparedQuery(KEEP_PARTITIONS)
                .execute(Tuple.of(monthsAhead))
                .map(rows -> rows.iterator().next().getInteger("made"));
    }

    static Uni<List<EmailEvent>> versions(SqlClient client, UUID user, long from, long to) {
        return client.preparedQuery(VERSIONS)
                .execute(Tuple.of(user, from, to))
                .map(rows -> rows.stream().map(EmailEvents::of).toList());
    }

    /**
     * A user's state.
     *
     * @param event empty for who was not there yet
     * @param key empty for who is forgotten
     */
    record Held(UUID user, Optional<EmailEvent> event, Optional<WrappedKey> key) {}

    /** Of users behind this one, in the order of their ids. */
    static Uni<List<Held>> population(SqlClient client, UUID after, Instant recorded, Instant valid, int limit) {
        return client.preparedQuery(POPULATION)
                .execute(Tuple.of(after, utc(recorded), utc(valid), limit))
                .map(EmailStore::toHeld);
    }

    /** Of these users, in the order of their ids. */
    static Uni<List<Held>> states(SqlClient client, List<UUID> users, Instant recorded, Instant valid) {
        return client.preparedQuery(STATES)
                .execute(Tuple.of(users.toArray(UUID[]::new), utc(recorded), utc(valid)))
                .map(EmailStore::toHeld);
    }

    private static List<Held> toHeld(RowSet<Row> rows) {
        return rows.stream()
                .map(row -> new Held(
                        row.getUUID("owner"),
                        row.getUUID("user_id") == null ? Optional.empty() : Optional.of(EmailEvents.of(row)),
                        key(row)))
                .toList();
    }

    /** @param certain whether something was recorded in that time, or may have been */
    record Changed(UUID user, boolean certain) {}

    /** Users about whom something may have been recorded in this time, in the order of their ids. */
    static Uni<List<Changed>> changed(SqlClient client, Instant from, Instant to, UUID after, int limit) {
        return client.preparedQuery(CHANGED)
                .execute(Tuple.of(utc(from), utc(to), after, limit))
                .map(rows -> rows.stream()
                        .map(row -> new Changed(row.getUUID("user_id"), row.getBoolean("certain")))
                        .toList());
    }

    static Uni<Optional<WrappedKey>> key(SqlClient client, UUID user) {
        return client.preparedQuery(KEY)
                .execute(Tuple.of(user))
                .map(rows -> rows.stream().findFirst().flatMap(EmailStore::key));
    }

    /** Of those who have one. */
    static Uni<Map<UUID, WrappedKey>> keys(SqlClient client, List<UUID> users) {
        return client.preparedQuery(KEYS)
                .execute(Tuple.tuple().addArrayOfUUID(users.toArray(UUID[]::new)))
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(row -> row.getUUID("user_id"), row -> key(row).orElseThrow())));
    }

    static Uni<Void> addKey(SqlConnection connection, UUID user, WrappedKey key) {
        return connection
                .preparedQuery(NEW_KEY)
                .execute(Tuple.of(user, key.wrappedBy(), Buffer.buffer(key.bytes())))
                .replaceWithVoid();
    }

    static Uni<Optional<Head>> head(SqlClient client, UUID user) {
        return client.preparedQuery(HEAD)
                .execute(Tuple.of(user))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Head(
                                row.getLong("version"),
                                instant(row, "recorded_at"),
                                row.getLong("told"),
                                EmailOp.ofLetter(row.getString("op")),
                                row.getBoolean("hold"))));
    }

    /** Users who have or had an address, in the order of their ids. */
    static Uni<List<UUID>> holders(SqlClient client, byte[] blind, UUID after, int limit) {
        return client.preparedQuery(HOLDERS)
                .execute(Tuple.of(Buffer.buffer(blind), after, limit))
                .map(rows -> rows.stream().map(row -> row.getUUID(0)).toList());
    }

    private static Optional<WrappedKey> key(Row row) {
        String keyId = row.getString("key_id");
        return keyId == null
                ? Optional.empty()
                : Optional.of(new WrappedKey(keyId, row.getBuffer("wrapped").getBytes()));
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
