package dev.holdfast.bench.outbox;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.outbox.OutboxEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the outbox row costs the transaction that writes it: an update of one row and a commit, with and without the
 * event. The ratio is the share of the rate that is left. The relay is off.
 */
public final class OutboxAppendCost implements Comparison {
    private static final int TRANSACTIONS = Scale.of(20_000);
    private static final int CONNECTIONS = 8;
    private static final int AGGREGATES = 10_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final String ACCOUNTS = """
            CREATE TABLE account (id bigint PRIMARY KEY, version bigint NOT NULL, balance_minor bigint NOT NULL)
              WITH (fillfactor = 50);
            GRANT SELECT, UPDATE ON account TO product_app;
            INSERT INTO account SELECT i, 0, 0 FROM generate_series(1, %d) AS i;
            """.formatted(AGGREGATES);

    private static final String CHANGE = """
            UPDATE account SET version = version + 1, balance_minor = balance_minor + 1 WHERE id = $1 RETURNING version
            """;

    private static final String COUNT = """
            SELECT (SELECT sum(version) FROM account)::bigint, (SELECT count(*) FROM outbox)
            """;

    private final Outbox outbox = new Outbox(() -> {});
    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());

    private interface Transaction {
        Uni<Void> on(SqlConnection connection);
    }

    @Override
    public List<Subject> subjects() {
        return List.of(new Subject(
                "bulk-outbox-append-cost",
                "transactions/s",
                "the same transaction without the outbox row, %d connections".formatted(CONNECTIONS),
                null));
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        return List.of(run(servers, this::changeAndTell, TRANSACTIONS));
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        return List.of(
                run(servers, connection -> change(connection, anyAccount()).replaceWithVoid(), 0));
    }

    private static Run run(Servers servers, Transaction transaction, long eventsDue) throws Exception {
        Schema schema = Schema.fresh(servers, "product", "db/platform");
        schema.execute(ACCOUNTS);
        Pool pool = schema.openPool(CONNECTIONS);
        try {
            Stopwatch stopwatch = servers.startStopwatch();
            Multi.createFrom()
                    .range(0, TRANSACTIONS)
                    .onItem()
                    .transformToUni(number -> pool.withTransaction(transaction::on))
                    .merge(CONNECTIONS)
                    .collect()
                    .last()
                    .await()
                    .atMost(TIMEOUT);
            Run run = stopwatch.stop(TRANSACTIONS);
            check(pool, eventsDue);
            return run;
        } finally {
            pool.closeAndForget();
        }
    }

    private Uni<Void> changeAndTell(SqlConnection connection) {
        long account = anyAccount();
        return change(connection, account)
                .chain(version -> outbox.append(
                        connection,
                        List.of(OutboxEvent.of(
                                ids.next(),
                                "payment.events",
                                "transfer.posted",
                                "account-" + account,
                                version,
                                Clock.systemUTC().instant(),
                                GruelboxRelay.PAYLOAD))));
    }

    private static Uni<Long> change(SqlConnection connection, long account) {
        return connection
                .preparedQuery(CHANGE)
                .execute(Tuple.of(account))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private static long anyAccount() {
        return ThreadLocalRandom.current().nextLong(1, AGGREGATES + 1);
    }

    private static void check(Pool pool, long eventsDue) {
        var counts =
                pool.query(COUNT).execute().await().atMost(TIMEOUT).iterator().next();
        if (counts.getLong(0) != TRANSACTIONS || counts.getLong(1) != eventsDue) {
            throw new IllegalStateException(
                    "%d changes and %d events are stored".formatted(counts.getLong(0), counts.getLong(1)));
        }
    }
}
