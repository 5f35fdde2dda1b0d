package dev.holdfast.payments.statement;

import dev.holdfast.payments.transfer.Kind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Reads an account's entries. Each half, what it gave and what it took, has an index that begins with the account and the
 * time; entries of one moment are one batch's, and are told apart by their numbers.
 */
final class StatementStore {
    /** The latest entry of each half; the later of the two has the balance. */
    static final String AS_OF_RECORDED = """
            SELECT seq, balance FROM (
              (SELECT debit_seq AS seq, debit_balance AS balance FROM transfer
                WHERE debit_account = $1 AND recorded_at <= $2 AND debit_seq IS NOT NULL
                ORDER BY recorded_at DESC, debit_seq DESC LIMIT 1)
              UNION ALL
              (SELECT credit_seq, credit_balance FROM transfer
                WHERE credit_account = $1 AND recorded_at <= $2 AND credit_seq IS NOT NULL
                ORDER BY recorded_at DESC, credit_seq DESC LIMIT 1)) AS latest
             ORDER BY seq DESC LIMIT 1
            """;

    /**
     * What was recorded after a moment, and counts from before. Nothing counts from longer ago than the longest backdating,
     * so only entries that were recorded within that time can be among them.
     */
    static final String BACKDATED = """
            SELECT coalesce(sum(change), 0)::bigint AS change FROM (
              SELECT -amount AS change FROM transfer
               WHERE debit_account = $1 AND debit_seq IS NOT NULL AND effective_at <= $2 AND effective_at > $3
                 AND recorded_at > $2 AND kind IN ('p', 'c', 'r')
              UNION ALL
              SELECT amount FROM transfer
               WHERE credit_account = $1 AND credit_seq IS NOT NULL AND effective_at <= $2 AND effective_at > $3
                 AND recorded_at > $2 AND kind IN ('p', 'c', 'r')) AS late
            """;

    /** A page from the newest backwards: of each half as many as the page has, then the newest of both. */
    static final String PAGE = """
            SELECT * FROM (
              (SELECT debit_seq AS seq, id, kind::text, -amount AS change, amount, debit_balance AS balance,
                      credit_account AS other, recorded_at, effective_at, reference
                 FROM transfer
                WHERE debit_account = $1 AND debit_seq IS NOT NULL AND recorded_at <= $2 AND debit_seq < $3
                ORDER BY recorded_at DESC, debit_seq DESC LIMIT $4)
              UNION ALL
              (SELECT credit_seq, id, kind::text, amount, amount, credit_balance, debit_account, recorded_at, effective_at,
                      reference
                 FROM transfer
                WHERE credit_account = $1 AND credit_seq IS NOT NULL AND recorded_at <= $2 AND credit_seq < $3
                ORDER BY recorded_at DESC, credit_seq DESC LIMIT $4)) AS entry
             ORDER BY seq DESC LIMIT $4
            """;

    private StatementStore() {}

    record Position(long sequence, long balanceMinor) {}

    /** Empty before the first entry. */
    static Uni<Optional<Position>> asOfRecorded(SqlClient client, long account, Instant moment) {
        return client.preparedQuery(AS_OF_RECORDED)
                .execute(Tuple.of(account, utc(moment)))
                .map(rows ->
                        rows.stream().findFirst().map(row -> new Position(row.getLong("seq"), row.getLong("balance"))));
    }

    /** @param earliest nothing that was recorded after the moment counts from before this */
    static Uni<Long> backdated(SqlClient client, long account, Instant moment, Instant earliest) {
        return client.preparedQuery(BACKDATED)
                .execute(Tuple.of(account, utc(moment), utc(earliest)))
                .map(rows -> rows.iterator().next().getLong("change"));
    }

    /** @param before entries with this number and higher are on earlier pages; so is what was recorded after the moment */
    static Uni<List<StatementEntry>> page(SqlClient client, long account, Instant moment, long before, int limit) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.of(account, utc(moment), before, limit))
                .map(rows -> rows.stream().map(StatementStore::toEntry).toList());
    }

    private static StatementEntry toEntry(Row row) {
        Kind kind = Kind.ofLetter(row.getString("kind"));
        Instant recordedAt = row.getOffsetDateTime("recorded_at").toInstant();
        OffsetDateTime effectiveAt = row.getOffsetDateTime("effective_at");
        return new StatementEntry(
                row.getLong("seq"),
                row.getUUID("id"),
                kind.word(),
                kind.movesMoney() ? row.getLong("change") : 0,
                row.getLong("amount"),
                row.getLong("balance"),
                row.getLong("other"),
                recordedAt,
                effectiveAt == null ? recordedAt : effectiveAt.toInstant(),
                row.getString("reference"));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
