package dev.holdfast.bench.payments;

import dev.holdfast.bench.Run;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.platform.postgres.FailureClass;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What one would write without a service: accounts, transfers and entries, from plain JDBC. */
final class PlainLedger {
    private static final String TABLES = """
            DROP TABLE IF EXISTS plain_entry, plain_transfer, plain_account;
            CREATE TABLE plain_account (id bigint PRIMARY KEY, balance bigint NOT NULL);
            CREATE TABLE plain_transfer (id uuid PRIMARY KEY DEFAULT uuidv7(), src bigint NOT NULL, dst bigint NOT NULL,
                                         amount bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE plain_entry (transfer_id uuid, account_id bigint, amount bigint NOT NULL,
                                      PRIMARY KEY (transfer_id, account_id));
            CREATE OR REPLACE FUNCTION plain_move(a bigint, b bigint, x bigint) RETURNS uuid LANGUAGE plpgsql AS $$
            DECLARE t uuid;
            BEGIN
              PERFORM 1 FROM plain_account WHERE id IN (a, b) ORDER BY id FOR NO KEY UPDATE;
              UPDATE plain_account SET balance = balance - x WHERE id = a AND balance >= x;
              IF NOT FOUND THEN RAISE EXCEPTION 'insufficient funds'; END IF;
              UPDATE plain_account SET balance = balance + x WHERE id = b;
              INSERT INTO plain_transfer (src, dst, amount) VALUES (a, b, x) RETURNING id INTO t;
              INSERT INTO plain_entry VALUES (t, a, -x), (t, b, x);
              RETURN t;
            END $$;
            """;
    private static final String READ =
            "SELECT id, balance FROM plain_account WHERE id IN (?, ?) ORDER BY id FOR UPDATE";
    private static final String ADD = "UPDATE plain_account SET balance = balance + ? WHERE id = ?";
    private static final String TRANSFER = "INSERT INTO plain_transfer (id, src, dst, amount) VALUES (?, ?, ?, ?)";
    private static final String ENTRIES = "INSERT INTO plain_entry VALUES (?, ?, ?), (?, ?, ?)";

    private static final String TAKE = "UPDATE plain_account SET balance = balance - ? WHERE id = ? AND balance >= ?";
    private static final String RECORD = """
            WITH moved AS (INSERT INTO plain_transfer (src, dst, amount) VALUES (?, ?, ?) RETURNING id)
            INSERT INTO plain_entry SELECT id, account, amount FROM moved, (VALUES (?, ?), (?, ?)) AS side (account, amount)
            """;
    private static final String ATOMIC = """
            WITH payer AS (
              UPDATE plain_account SET balance = balance - ? WHERE id = ? AND balance >= ? RETURNING id
            ), payee AS (
              UPDATE plain_account SET balance = balance + ? WHERE id = ? AND EXISTS (SELECT FROM payer) RETURNING id
            ), moved AS (
              INSERT INTO plain_transfer (src, dst, amount)
              SELECT ?, ?, ? FROM payer, payee RETURNING id
            )
            INSERT INTO plain_entry SELECT id, account, amount FROM moved, (VALUES (?, ?), (?, ?)) AS side (account, amount)
            """;

    /** Deadlocks can make a way so slow that nobody would wait for its end. */
    private static final Duration RUN_MAX = Duration.ofSeconds(15);

    private final Servers servers;
    private final Schema schema;

    private PlainLedger(Servers servers, Schema schema) {
        this.servers = servers;
        this.schema = schema;
    }

    static PlainLedger fresh(Servers servers) throws SQLException {
        Schema schema = Schema.empty(servers, "payments");
        schema.execute(TABLES);
        schema.execute("INSERT INTO plain_account SELECT n, 1000000000000 FROM generate_series(1, %d) AS n"
                .formatted(PaymentsService.ACCOUNTS));
        return new PlainLedger(servers, schema);
    }

    Schema schema() {
        return schema;
    }

    /** A way to move money on a connection of its own. */
    private interface Way {
        void move(long from, long to, long amount) throws SQLException;
    }

    private interface Opener {
        Way on(Connection connection) throws SQLException;
    }

    /** Lock both rows in order, update each, insert transfer and entries, commit: a statement and a wait each. */
    Run interactive(Crowd crowd, int clients, int each) throws Exception {
        return run(crowd, clients, each, connection -> {
            connection.setAutoCommit(false);
            PreparedStatement read = connection.prepareStatement(READ);
            PreparedStatement add = connection.prepareStatement(ADD);
            PreparedStatement transfer = connection.prepareStatement(TRANSFER);
            PreparedStatement entries = connection.prepareStatement(ENTRIES);
            return (from, to, amount) -> {
                bind(read, from, to).executeQuery().close();
                bind(add, -amount, from).executeUpdate();
                bind(add, amount, to).executeUpdate();
                UUID id = UUID.randomUUID();
                bind(transfer, id, from, to, amount).executeUpdate();
                bind(entries, id, from, -amount, id, to, amount).executeUpdate();
                connection.commit();
            };
        });
    }

    /**
     * The same without a look first: each balance changes by a conditional UPDATE, both with transfer and entries in one
     * statement, payer first. Two that cross are a deadlock that PostgreSQL finds after a second; the loser tries again.
     */
    Run atomicUpdate(Crowd crowd, int clients, int each) throws Exception {
        return run(crowd, clients, each, connection -> {
            PreparedStatement move = connection.prepareStatement(ATOMIC);
            return (from, to, amount) -> {
                while (!moved(move, from, to, amount)) {
                    // the deadlock's victim comes again
                }
            };
        });
    }

    private static boolean moved(PreparedStatement move, long from, long to, long amount) throws SQLException {
        try {
            return bind(move, amount, from, amount, amount, to, from, to, amount, from, -amount, to, amount)
                            .executeUpdate()
                    == 2;
        } catch (SQLException failure) {
            if (FailureClass.of(failure) != FailureClass.RETRY) {
                throw failure;
            }
            return false;
        }
    }

    /** The same with both UPDATEs in the order of the ids, as a transaction of three statements. */
    Run orderedAtomicUpdate(Crowd crowd, int clients, int each) throws Exception {
        return run(crowd, clients, each, connection -> {
            connection.setAutoCommit(false);
            PreparedStatement take = connection.prepareStatement(TAKE);
            PreparedStatement add = connection.prepareStatement(ADD);
            PreparedStatement record = connection.prepareStatement(RECORD);
            return (from, to, amount) -> {
                if (from > to) {
                    bind(add, amount, to).executeUpdate();
                }
                bind(take, amount, from, amount).executeUpdate();
                if (from < to) {
                    bind(add, amount, to).executeUpdate();
                }
                bind(record, from, to, amount, from, -amount, to, amount).executeUpdate();
                connection.commit();
            };
        });
    }

    /** The same in one call. */
    Run function(Crowd crowd, int clients, int each) throws Exception {
        return run(crowd, clients, each, connection -> {
            PreparedStatement call = connection.prepareStatement("SELECT plain_move(?, ?, ?)");
            return (from, to, amount) ->
                    bind(call, from, to, amount).executeQuery().close();
        });
    }

    private static PreparedStatement bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private Run run(Crowd crowd, int clients, int each, Opener opener)
            throws SQLException, InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(clients)) {
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                connections.add(schema.connectAsOwner());
            }
            Stopwatch stopwatch = servers.startStopwatch();
            long end = System.nanoTime() + RUN_MAX.toNanos();
            List<Future<Integer>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                Connection connection = connections.get(client);
                var random = new Random(client);
                running.add(threads.submit(() -> {
                    Way way = opener.on(connection);
                    int moved = 0;
                    while (moved < each && System.nanoTime() < end) {
                        long[] pair = crowd.pick(random);
                        way.move(pair[0], pair[1], 1 + random.nextInt(100));
                        moved++;
                    }
                    return moved;
                }));
            }
            long moved = 0;
            for (Future<Integer> one : running) {
                moved += one.get();
            }
            Run run = stopwatch.stop(moved);
            for (Connection connection : connections) {
                connection.close();
            }
            return run;
        }
    }

    /** Throws unless the balances are what the entries say. */
    void check() throws SQLException {
        try (Connection connection = schema.connectAsOwner();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT count(*)
                        FROM plain_account
                        LEFT JOIN (SELECT account_id, sum(amount) AS moved FROM plain_entry GROUP BY 1) AS entries
                          ON account_id = id
                        WHERE balance <> 1000000000000 + coalesce(moved, 0)
                        """)) {
            rows.next();
            if (rows.getLong(1) > 0) {
                throw new IllegalStateException(
                        "Balances and entries disagree for %d accounts".formatted(rows.getLong(1)));
            }
        }
    }

    double bytesPerTransfer() throws SQLException {
        try (Connection connection = schema.connectAsOwner();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT (pg_total_relation_size('plain_transfer') + pg_total_relation_size('plain_entry'))
                                 / (SELECT count(*) FROM plain_transfer)
                        """)) {
            rows.next();
            return rows.getDouble(1);
        }
    }

    /** The median of one call of payments' own function from JDBC, alone; in milliseconds. */
    static Run ownFunctionAlone(Servers servers, Schema schema, int count) throws SQLException {
        try (Connection connection = schema.connectAsOwner();
                PreparedStatement call = connection.prepareStatement("""
                        SELECT * FROM transfer_alone(?, ?, ?, ?, 'EUR', NULL, NULL, 'payment.events', ?, ?, NULL)
                        """)) {
            var random = new Random(5);
            Crowd crowd = Crowd.uniform(PaymentsService.ACCOUNTS);
            Stopwatch stopwatch = servers.startStopwatch();
            List<Long> nanos = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long[] pair = crowd.pick(random);
                UUID id = PaymentsService.id();
                long start = System.nanoTime();
                bind(call, id, pair[0], pair[1], 1L, id, "{\"transferId\":\"%s\"}".formatted(id))
                        .executeQuery()
                        .close();
                nanos.add(System.nanoTime() - start);
            }
            return stopwatch.stop(count).withValue(PaymentsService.medianMs(nanos));
        }
    }

    /** The median of the least that HTTP takes here: a few bytes from a Vert.x server; in milliseconds. */
    static double httpFloorMs(int count) throws IOException, InterruptedException, ExecutionException {
        Vertx vertx = Vertx.vertx();
        try (HttpClient http = HttpClient.newHttpClient()) {
            int port = vertx.createHttpServer()
                    .requestHandler(request -> request.response().end("hello"))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get()
                    .actualPort();
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/".formatted(port)))
                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(160)))
                    .build();
            List<Long> nanos = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                http.send(request, HttpResponse.BodyHandlers.ofString());
                nanos.add(System.nanoTime() - start);
            }
            return PaymentsService.medianMs(nanos.subList(count / 2, count));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }
}
