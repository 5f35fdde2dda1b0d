package dev.holdfast.bench.audit;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.key.KeyRing;
import dev.holdfast.audit.key.UserKey;
import dev.holdfast.audit.key.WrappedKey;
import dev.holdfast.audit.proof.Ciphertext;
import dev.holdfast.audit.proof.EventContent;
import dev.holdfast.audit.proof.EventHash;
import dev.holdfast.audit.proof.Hash;
import dev.holdfast.bench.LeanHttp;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.ServiceProcess;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The packaged service, reached over HTTP by an auditor who says why and by an operator. Its past is written as it would have. */
final class UserAuditService implements History {
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final int ROWS = 5_000;
    private static final Pattern ADDRESS = Pattern.compile("\"address\":\"([^\"]*)\"");
    private static final String LOCAL_KEY = "bG9jYWwtb25seS1sb2NhbC1vbmx5LWxvY2FsLW9ubHk=";

    private static final String LOCAL_LOOKUP = "bG9jYWwtbG9va3VwLWxvY2FsLWxvb2t1cC1sb2NhbCE=";

    private static final String EVENTS = """
            INSERT INTO email_event (user_id, version, recorded_at, event_id, op, address, actor, source, hash)
            SELECT u, v, r, e, o::"char", a, 'bench', 'api', h
              FROM unnest(?::uuid[], ?::bigint[], ?::timestamptz[], ?::uuid[], ?::text[], ?::bytea[], ?::bytea[])
                   AS event (u, v, r, e, o, a, h)
            """;
    private static final String NEW_KEYS = """
            INSERT INTO user_key (user_id, key_id, wrapped) SELECT u, 'local', k FROM unnest(?::uuid[], ?::bytea[]) AS key (u, k)
            """;
    /** All that a history of its own would have left. */
    private static final List<String> REST = List.of(
            """
            INSERT INTO email_current (user_id, version, recorded_at, op, event_id, hash)
            SELECT DISTINCT ON (user_id) user_id, version, recorded_at, op, event_id, hash
              FROM email_event ORDER BY user_id, version DESC
            """,
            "INSERT INTO users (id, full_name) SELECT user_id, 'Somebody' FROM email_current",
            "INSERT INTO unsealed (user_id, version, hash) SELECT user_id, version, hash FROM email_event ORDER BY recorded_at",
            "ANALYZE");

    private static final String NOT_DENSE = """
            SELECT count(*) FROM email_current c
             WHERE c.version <> (SELECT count(*) FROM email_event e WHERE e.user_id = c.user_id) + c.packed
            """;

    private final Servers servers;
    private final Schema schema;
    private final JavaProcess process;
    private final LeanHttp http;
    private final String auditor = bearer("auditor");
    private final String operator = bearer("operator");
    private final Map<Long, AtomicLong> versions = new ConcurrentHashMap<>();

    private UserAuditService(Servers servers, Schema schema, JavaProcess process, int port) {
        this.servers = servers;
        this.schema = schema;
        this.process = process;
        this.http = new LeanHttp(port);
    }

    private static String bearer(String role) {
        return "Authorization: Bearer %s\r\n".formatted(new Token("bench", List.of(role)).signed(Instant.now()));
    }

    /** Those of profile local. */
    static final AuditConfig.Keys KEYS = new Keys();

    private record Keys() implements AuditConfig.Keys {
        @Override
        public String current() {
            return "local";
        }

        @Override
        public Map<String, String> wrapping() {
            return Map.of("local", LOCAL_KEY);
        }

        @Override
        public String lookup() {
            return LOCAL_LOOKUP;
        }
    }

    /** With all of the past, sealed, and old versions packed. */
    static UserAuditService filled(Servers servers, Past past) throws Exception {
        Schema schema = Schema.empty(servers, "audit");
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var service = new UserAuditService(
                servers, schema, ServiceProcess.start(servers, "user-audit", port, Map.of()), port);
        Awaitility.await().atMost(TIMEOUT).ignoreExceptions().until(() -> service.isReady());
        service.fill(past);
        service.awaitNone("SELECT count(*) FROM unsealed");
        schema.execute("INSERT INTO pack_due SELECT user_id FROM email_current WHERE version >= 192");
        service.awaitNone("SELECT count(*) FROM pack_due");
        schema.execute("VACUUM ANALYZE");
        return service;
    }

    static UUID user(long number) {
        return new UUID(0x0194_0000_0000_7000L, 0x8000_0000_0000_0000L | number);
    }

    private static UUID eventId(Instant recorded, long number) {
        return new UUID(
                (recorded.toEpochMilli() << 16) | 0x7000L | (number & 0xfff),
                0x8000_0000_0000_0000L | ((number * 0x9e37_79b9_7f4a_7c15L) >>> 2));
    }

    private void fill(Past past) throws SQLException {
        KeyRing ring = KeyRing.of(KEYS);
        Map<Long, UserKey> keys = new HashMap<>();
        Map<Long, Hash> hashes = new HashMap<>();
        try (Connection connection = schema.connectAsOwner();
                PreparedStatement events = connection.prepareStatement(EVENTS);
                PreparedStatement newKeys = connection.prepareStatement(NEW_KEYS)) {
            connection.setAutoCommit(false);
            var rows = new Rows(connection, events);
            var users = new ArrayList<UUID>();
            var wrapped = new ArrayList<byte[]>();
            for (Past.Version version : past.inOrder()) {
                UUID user = user(version.user());
                UserKey key = keys.get(version.user());
                if (key == null) {
                    WrappedKey created = ring.create(user);
                    key = ring.unwrap(user, created);
                    keys.put(version.user(), key);
                    users.add(user);
                    wrapped.add(created.bytes());
                }
                UUID id = eventId(version.recordedAt(), version.number());
                Ciphertext address =
                        key.encrypt(version.number(), id, version.address().getBytes(StandardCharsets.UTF_8));
                char op = version.number() == 1 ? 'r' : 'c';
                var content = new EventContent(
                        user,
                        version.number(),
                        id,
                        op,
                        version.recordedAt(),
                        version.recordedAt(),
                        address,
                        "bench",
                        null,
                        "api");
                Hash hash = EventHash.of(content, hashes.getOrDefault(version.user(), Hash.ZERO));
                hashes.put(version.user(), hash);
                versions.computeIfAbsent(version.user(), none -> new AtomicLong())
                        .set(version.number());
                rows.add(content, hash);
            }
            rows.flush();
            newKeys.setArray(1, connection.createArrayOf("uuid", users.toArray()));
            newKeys.setArray(2, connection.createArrayOf("bytea", wrapped.toArray(byte[][]::new)));
            newKeys.executeUpdate();
            connection.commit();
        }
        for (String statement : REST) {
            schema.execute(statement);
        }
    }

    /** Of events, some thousand at once. */
    private static final class Rows {
        private final Connection connection;
        private final PreparedStatement insert;
        private final List<EventContent> events = new ArrayList<>();
        private final List<byte[]> hashes = new ArrayList<>();

        Rows(Connection connection, PreparedStatement insert) {
            this.connection = connection;
            this.insert = insert;
        }

        void add(EventContent event, Hash hash) throws SQLException {
            events.add(event);
            hashes.add(hash.bytes());
            if (events.size() == ROWS) {
                flush();
            }
        }

        void flush() throws SQLException {
            insert.setArray(1, array("uuid", event -> event.userId()));
            insert.setArray(2, array("bigint", event -> event.version()));
            insert.setArray(
                    3,
                    array(
                            "timestamptz",
                            event -> event.recordedAt().atOffset(ZoneOffset.UTC).toString()));
            insert.setArray(4, array("uuid", event -> event.eventId()));
            insert.setArray(5, array("text", event -> String.valueOf(event.op())));
            insert.setArray(
                    6,
                    connection.createArrayOf(
                            "bytea", events.stream().map(Rows::address).toArray(byte[][]::new)));
            insert.setArray(7, connection.createArrayOf("bytea", hashes.toArray(byte[][]::new)));
            insert.executeUpdate();
            events.clear();
            hashes.clear();
        }

        private static byte[] address(EventContent event) {
            Ciphertext address = event.address();
            return address == null ? new byte[0] : address.bytes();
        }

        private Array array(String type, Function<EventContent, Object> value) throws SQLException {
            return connection.createArrayOf(type, events.stream().map(value).toArray());
        }
    }

    /** What is done with the version of a user that was seen. */
    interface ChangeBehind {
        void at(long version) throws Exception;
    }

    /** One after the other for each user. */
    void nextVersion(long user, ChangeBehind change) throws Exception {
        AtomicLong version = versions.computeIfAbsent(user, none -> new AtomicLong());
        synchronized (version) {
            change.at(version.get());
            version.incrementAndGet();
        }
    }

    /** The same history, changed from this process. */
    InProcessChanges inProcess() {
        return new InProcessChanges(this, schema);
    }

    @Override
    public void change(long user, String address) throws Exception {
        nextVersion(
                user,
                seen -> send(
                        "PUT",
                        "/users/%s/email".formatted(user(user)),
                        "%sContent-Type: application/json\r\nIdempotency-Key: %s\r\nIf-Match: \"%d\"\r\n"
                                .formatted(operator, UUID.randomUUID(), seen),
                        "{\"address\":\"%s\"}".formatted(address)));
    }

    @Override
    public @Nullable String asOf(long user, Instant moment) throws IOException {
        String path = "/users/%s/email?purpose=bench&asOf=%s".formatted(user(user), moment);
        Matcher address = ADDRESS.matcher(send("GET", path, auditor, ""));
        return address.find() ? address.group(1) : null;
    }

    private String send(String method, String path, String headers, String body) throws IOException {
        LeanHttp.Answer answer = http.send(method, path, headers, body);
        if (answer.status() != 200) {
            throw new IllegalStateException("%s answered %d: %s".formatted(path, answer.status(), answer.body()));
        }
        return answer.body();
    }

    private boolean isReady() throws IOException {
        return http.send("GET", "/q/health/ready", "", "").status() == 200;
    }

    /** The 99th percentile of how long an event waits for a signed checkpoint, at about 50 a second; in milliseconds. */
    Run sealLag(int changes) throws Exception {
        List<Long> nanos = new ArrayList<>();
        try (Connection connection = schema.connectAsOwner();
                PreparedStatement sealed =
                        connection.prepareStatement("SELECT FROM tree_leaf WHERE user_id = ? AND version = ?")) {
            Stopwatch stopwatch = servers.startStopwatch();
            for (int i = 0; i < changes; i++) {
                long user = 1L + i % Past.USERS;
                long start = System.nanoTime();
                change(user, Addresses.fresh(user));
                sealed.setObject(1, user(user));
                sealed.setLong(2, Objects.requireNonNull(versions.get(user)).get());
                while (!hasRow(sealed)) {
                    Thread.onSpinWait();
                }
                nanos.add(System.nanoTime() - start);
            }
            nanos.sort(null);
            return stopwatch.stop(changes).withValue(nanos.get(changes * 99 / 100) / 1e6);
        }
    }

    private static boolean hasRow(PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            return rows.next();
        }
    }

    /** Of a version in a pack. */
    double packedBytesPerVersion() throws SQLException {
        return (double) number("SELECT pg_total_relation_size('audit.email_pack')")
                / number("SELECT coalesce(sum(last_version - first_version + 1), 1)::bigint FROM audit.email_pack");
    }

    @Override
    public long versions() throws SQLException {
        return number("SELECT sum(version)::bigint FROM audit.email_current");
    }

    /** The history, without the tree that proves it. */
    @Override
    public long bytes() throws SQLException {
        return number("""
                SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree('audit.email_event')
                """) + number("SELECT pg_total_relation_size('audit.email_pack')");
    }

    @Override
    public void check() throws SQLException {
        if (number(NOT_DENSE.replace("email_", "audit.email_")) > 0) {
            throw new IllegalStateException("Somebody's versions have gaps");
        }
    }

    private void awaitNone(String count) {
        Awaitility.await().atMost(TIMEOUT).until(() -> number(count.replace("FROM ", "FROM audit.")) == 0);
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = schema.connectAsOwner();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        http.close();
        ServiceProcess.stop(process);
    }

    @Override
    public String toString() {
        return "user-audit";
    }
}
