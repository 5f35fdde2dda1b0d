package dev.holdfast.payments.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.platform.security.Caller;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** A ledger on a real database, with an account of the outside world that money comes from. */
final class Bank implements AutoCloseable {
    /** May move all money in any way, in one call, too. */
    static final Caller OPERATOR = Transfers.SERVICE;

    static final TransferRules RULES = new TransferRules(Duration.ofDays(90), Duration.ofDays(7), Duration.ofDays(90));

    /** Whatever must be true of the books at every moment; a line for each account that is wrong. */
    private static final String WRONG = """
            WITH entry AS (
              SELECT debit_account AS account, debit_seq AS seq, debit_balance AS balance, recorded_at, kind, amount, true AS debit
                FROM transfer WHERE debit_seq IS NOT NULL
              UNION ALL
              SELECT credit_account, credit_seq, credit_balance, recorded_at, kind, amount, false
                FROM transfer WHERE credit_seq IS NOT NULL
            ), stepped AS (
              SELECT *, CASE WHEN kind IN ('p', 'c', 'r') THEN CASE WHEN debit THEN -amount ELSE amount END ELSE 0 END AS change,
                     lag(balance, 1, 0::bigint) OVER w AS before, row_number() OVER w AS number,
                     lag(recorded_at) OVER w AS earlier
                FROM entry WINDOW w AS (PARTITION BY account ORDER BY seq)
            ), folded AS (
              SELECT account, count(*) AS entries, sum(change) AS balance,
                     sum(CASE WHEN debit AND kind IN ('p', 'c', 'r') THEN amount ELSE 0 END) AS debits,
                     bool_and(balance = before + change) AS balances, bool_and(seq = number) AS dense,
                     bool_and(recorded_at >= coalesce(earlier, recorded_at)) AS in_time
                FROM stepped GROUP BY account
            ), held AS (
              SELECT t.debit_account, t.credit_account, h.remaining FROM hold h JOIN transfer t ON t.id = h.id
            )
            SELECT format('account %s: %s', a.id, to_jsonb(f)) AS line FROM account a LEFT JOIN folded f ON f.account = a.id
             WHERE coalesce(f.entries, 0) <> a.entries OR coalesce(f.balance, 0) <> a.credits_posted - a.debits_posted
                OR coalesce(f.debits, 0) <> a.debits_posted
                OR NOT coalesce(f.balances AND f.dense AND f.in_time, true)
                OR a.debits_pending <> (SELECT coalesce(sum(remaining), 0) FROM held WHERE debit_account = a.id)
                OR a.credits_pending <> (SELECT coalesce(sum(remaining), 0) FROM held WHERE credit_account = a.id)
            UNION ALL
            SELECT format('currency %s sums to %s', currency, sum(credits_posted - debits_posted))
              FROM account GROUP BY currency HAVING sum(credits_posted - debits_posted) <> 0
            UNION ALL
            SELECT format('outbox tells %s times of %s', count(o.id), t.id)
              FROM transfer t LEFT JOIN outbox o ON o.aggregate_id = t.id::text GROUP BY t.id HAVING count(o.id) <> 1
            UNION ALL
            SELECT format('refusal %s', t.id) FROM transfer t LEFT JOIN refusal r ON r.id = t.id
             WHERE (t.debit_seq IS NULL) <> (r.id IS NOT NULL)
            """;

    private static final Ids IDS = new Ids(Clock.systemUTC(), new SecureRandom());

    final TestSchema schema;
    final Pool pool;
    final TransferService service;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final long world;

    private Bank(TestSchema schema, Pool pool) {
        this.schema = schema;
        this.pool = pool;
        this.service = serviceOn(pool);
        this.world = open("the world", "EUR", null);
    }

    static Bank in(TestSchema schema) {
        return new Bank(schema.migrate("db/platform", "db/migration"), schema.openPool(16));
    }

    private record Retries(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    /** Another instance of the service. */
    TransferService serviceOn(Pool other) {
        var retry = new TransactionRetry(
                new Retries(20, Duration.ofMillis(2), Duration.ofMillis(50)), new Random(), meters);
        return new TransferService(
                other, new Transactions(other, retry), RULES, new Outbox(() -> {}), "payment.events");
    }

    static UUID id() {
        return IDS.next();
    }

    static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(60));
    }

    static Caller owner(String subject) {
        return new Caller(subject, Set.of());
    }

    /** @param limit null for without */
    long open(String owner, String currency, Long limit) {
        return await(pool.preparedQuery(
                                "INSERT INTO account (owner, name, currency, overdraft_limit, opening_key) VALUES ($1, 'main', $2, $3, $4) RETURNING id")
                        .execute(Tuple.of(
                                owner, currency, limit, UUID.randomUUID().toString())))
                .iterator()
                .next()
                .getLong(0);
    }

    /** An account in euros that may not go below zero. */
    long account(String owner, long balance) {
        long account = open(owner, "EUR", 0L);
        if (balance > 0) {
            assertThat(execute(Transfer.post(id(), world, account, balance, "EUR")))
                    .isInstanceOf(TransferResult.Posted.class);
        }
        return account;
    }

    TransferResult execute(Transfer transfer) {
        return execute(OPERATOR, transfer);
    }

    TransferResult execute(Caller caller, Transfer transfer) {
        return execute(caller, List.of(transfer)).getFirst();
    }

    List<TransferResult> execute(Caller caller, List<Transfer> transfers) {
        return await(service.execute(List.of(new Submission(caller, transfers))))
                .getFirst();
    }

    /** In one call, falling back to the batch's way as the batcher does. */
    TransferResult executeAlone(Transfer transfer) {
        return await(service.executeAlone(Submission.of(OPERATOR, transfer)));
    }

    long balance(long account) {
        return number("SELECT credits_posted - debits_posted FROM account WHERE id = " + account);
    }

    long held(long account) {
        return number("SELECT debits_pending FROM account WHERE id = " + account);
    }

    long number(String query) {
        return Objects.requireNonNull(row(query).getLong(0));
    }

    Row row(String query) {
        return await(pool.query(query).execute()).iterator().next();
    }

    void assertBooksAreRight() {
        assertThat(await(pool.query(WRONG).execute()).stream()
                        .map(row -> row.getString(0))
                        .toList())
                .isEmpty();
    }

    @Override
    public void close() {
        pool.closeAndForget();
    }
}
