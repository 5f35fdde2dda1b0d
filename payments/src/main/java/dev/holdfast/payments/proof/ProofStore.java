package dev.holdfast.payments.proof;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;

/** Reads what is to be proven; one statement is one consistent snapshot. */
final class ProofStore {
    private static final String ALONE = "SELECT pg_try_advisory_xact_lock('proof_mark'::regclass::oid::int, 1)";
    private static final String SUMS = """
            SELECT format('all accounts in %s sum to %s instead of 0, those on hold to %s', currency,
                          sum(credits_posted - debits_posted), sum(credits_pending - debits_pending)) AS detail
              FROM account GROUP BY currency
            HAVING sum(credits_posted - debits_posted) <> 0 OR sum(credits_pending - debits_pending) <> 0
            """;

    /**
     * Of accounts that changed since they were proven, the next ones by id: folds their new entries onto the mark, and compares
     * the result with the counters. Marks what holds, in the same snapshot.
     */
    private static final String ADVANCE = """
            WITH changed AS (
              SELECT a.id, a.entries, a.last_entry_at, a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending,
                     coalesce(m.entries, 0) AS from_entries, coalesce(m.last_entry_at, '-infinity') AS from_time,
                     coalesce(m.debits_posted, 0) AS from_debits, coalesce(m.credits_posted, 0) AS from_credits,
                     coalesce(m.debits_pending, 0) AS from_debits_pending,
                     coalesce(m.credits_pending, 0) AS from_credits_pending
                FROM account a LEFT JOIN proof_mark m ON m.account = a.id
               WHERE a.id > $1
                 AND (a.entries, a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending)
                     IS DISTINCT FROM (coalesce(m.entries, 0), coalesce(m.debits_posted, 0), coalesce(m.credits_posted, 0),
                                       coalesce(m.debits_pending, 0), coalesce(m.credits_pending, 0))
               ORDER BY a.id LIMIT $2
            ), entry AS (
              SELECT c.id, e.*, row_number() OVER w AS number, lag(e.balance) OVER w AS before
                FROM changed c CROSS JOIN LATERAL (
                  SELECT t.debit_seq AS seq, t.debit_balance AS balance, t.amount, t.kind, true AS is_debit
                    FROM transfer t
                   WHERE t.debit_account = c.id AND t.debit_seq > c.from_entries AND t.recorded_at >= c.from_time
                  UNION ALL
                  SELECT t.credit_seq, t.credit_balance, t.amount, t.kind, false
                    FROM transfer t
                   WHERE t.credit_account = c.id AND t.credit_seq > c.from_entries AND t.recorded_at >= c.from_time) e
              WINDOW w AS (PARTITION BY c.id ORDER BY e.seq)
            ), folded AS (
              SELECT c.id, count(e.seq) AS entries,
                     coalesce(sum(e.amount) FILTER (WHERE e.is_debit AND e.kind IN ('p', 'c', 'r')), 0) AS debits,
                     coalesce(sum(e.amount) FILTER (WHERE NOT e.is_debit AND e.kind IN ('p', 'c', 'r')), 0) AS credits,
                     coalesce(sum(CASE e.kind WHEN 'h' THEN e.amount ELSE -e.amount END)
                                FILTER (WHERE e.is_debit AND e.kind IN ('h', 'c', 'v', 'x')), 0) AS debits_pending,
                     coalesce(sum(CASE e.kind WHEN 'h' THEN e.amount ELSE -e.amount END)
                                FILTER (WHERE NOT e.is_debit AND e.kind IN ('h', 'c', 'v', 'x')), 0) AS credits_pending,
                     coalesce(bool_and(e.seq = c.from_entries + e.number), true) AS dense,
                     coalesce(bool_and(e.balance = coalesce(e.before, c.from_credits - c.from_debits)
                                         + CASE WHEN e.kind NOT IN ('p', 'c', 'r') THEN 0
                                                WHEN e.is_debit THEN -e.amount ELSE e.amount END), true) AS steps
                FROM changed c LEFT JOIN entry e ON e.id = c.id GROUP BY c.id
            ), judged AS (
              SELECT c.*, f.entries AS read,
                     f.dense AND f.steps AND c.entries = c.from_entries + f.entries
                       AND c.debits_posted = c.from_debits + f.debits AND c.credits_posted = c.from_credits + f.credits
                       AND c.debits_pending = c.from_debits_pending + f.debits_pending
                       AND c.credits_pending = c.from_credits_pending + f.credits_pending AS holds,
                     format('account %s has counters %s, its entries come to %s', c.id,
                            ARRAY [c.entries, c.debits_posted, c.credits_posted, c.debits_pending, c.credits_pending],
                            ARRAY [c.from_entries + f.entries, c.from_debits + f.debits, c.from_credits + f.credits,
                                   c.from_debits_pending + f.debits_pending, c.from_credits_pending + f.credits_pending])
                       || CASE WHEN f.dense THEN '' ELSE ', with gaps' END
                       || CASE WHEN f.steps THEN '' ELSE ', and a balance that does not follow from the one before' END
                       AS detail
                FROM changed c JOIN folded f ON f.id = c.id
            ), marked AS (
              INSERT INTO proof_mark AS m (account, entries, last_entry_at, debits_posted, credits_posted, debits_pending,
                                           credits_pending)
              SELECT id, entries, last_entry_at, debits_posted, credits_posted, debits_pending, credits_pending
                FROM judged WHERE holds
              ON CONFLICT (account) DO UPDATE
                 SET entries = excluded.entries, last_entry_at = excluded.last_entry_at,
                     debits_posted = excluded.debits_posted, credits_posted = excluded.credits_posted,
                     debits_pending = excluded.debits_pending, credits_pending = excluded.credits_pending
            )
            SELECT id, read, holds, detail FROM judged ORDER BY id
            """;

    private ProofStore() {}

    record Judged(long account, long entries, boolean holds, String detail) {}

    /** False while another instance proves. */
    static Uni<Boolean> enterAlone(SqlConnection connection) {
        return connection
                .query(ALONE)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** A line per currency whose accounts do not sum to zero. */
    static Uni<List<Violation>> sums(SqlConnection connection) {
        return connection
                .preparedQuery(SUMS)
                .execute()
                .map(rows -> rows.stream()
                        .map(row -> new Violation(null, row.getString("detail")))
                        .toList());
    }

    /** @param after the last account of the call before, 0 to begin with */
    static Uni<List<Judged>> advance(SqlConnection connection, long after, int limit) {
        return connection
                .preparedQuery(ADVANCE)
                .execute(Tuple.of(after, limit))
                .map(rows -> rows.stream().map(ProofStore::toJudged).toList());
    }

    private static Judged toJudged(Row row) {
        return new Judged(row.getLong("id"), row.getLong("read"), row.getBoolean("holds"), row.getString("detail"));
    }
}
