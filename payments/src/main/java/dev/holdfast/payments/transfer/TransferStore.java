package dev.holdfast.payments.transfer;

import dev.holdfast.payments.transfer.RecordedTransfer.Entry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements around a batch of transfers. */
final class TransferStore {
    private static final String ACCOUNTS_OF = """
            SELECT t.debit_account, t.credit_account
              FROM unnest($1::uuid[]) AS asked (id) JOIN transfer t ON t.id = asked.id
             WHERE t.debit_seq IS NOT NULL
            """;
    private static final String LOCK = """
            SELECT id, owner, currency, overdraft_limit, frozen, closed, debits_posted, credits_posted, debits_pending,
                   credits_pending, entries, last_entry_at
              FROM account WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
            """;
    private static final String READ = LOCK.replace("FOR NO KEY UPDATE", "");
    private static final String NOW = "SELECT clock_timestamp() AS now";

    /** By nested loops through the index of the partition that each id belongs to. */
    private static final String KNOWN = """
            SELECT t.id, t.kind::text, t.of_transfer, t.debit_account, t.credit_account, t.amount, t.currency, t.balancing,
                   t.effective_at, t.expires_at, t.reference, t.recorded_at, t.debit_seq, t.credit_seq, t.debit_balance,
                   t.credit_balance, r.reason, r.account, r.position, r.available, r.needed
              FROM unnest($1::uuid[]) AS asked (id) JOIN transfer t ON t.id = asked.id LEFT JOIN refusal r ON r.id = t.id
            """;

    private static final String HOLDS = """
            SELECT id, remaining, expires_at, state::text FROM hold WHERE id = ANY ($1)
            """;
    private static final String REVERSED = "SELECT of_transfer FROM reversal WHERE of_transfer = ANY ($1)";

    /** Fails as a lost race when a row is not as it was locked, or an id was taken meanwhile: then all is done again. */
    private static final String WRITE = """
            WITH moved AS (
              UPDATE account a
                 SET debits_posted = m.debits_posted, credits_posted = m.credits_posted,
                     debits_pending = m.debits_pending, credits_pending = m.credits_pending,
                     entries = m.entries, last_entry_at = $1
                FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
                     AS m (id, debits_posted, credits_posted, debits_pending, credits_pending, entries)
               WHERE a.id = m.id
              RETURNING 1
            ), recorded AS (
              INSERT INTO transfer (recorded_at, id, kind, of_transfer, debit_account, credit_account, amount, currency,
                                    balancing, effective_at, expires_at, reference, debit_seq, credit_seq, debit_balance,
                                    credit_balance)
              SELECT $1, t.id, t.kind::"char", t.of_transfer, t.debit_account, t.credit_account, t.amount, t.currency,
                     t.balancing, t.effective_at, t.expires_at, t.reference, t.debit_seq, t.credit_seq, t.debit_balance,
                     t.credit_balance
                FROM unnest($8::uuid[], $9::text[], $10::uuid[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[],
                            $15::bigint[], $16::timestamptz[], $17::timestamptz[], $18::text[], $19::bigint[],
                            $20::bigint[], $21::bigint[], $22::bigint[])
                     AS t (id, kind, of_transfer, debit_account, credit_account, amount, currency, balancing,
                           effective_at, expires_at, reference, debit_seq, credit_seq, debit_balance, credit_balance)
              ON CONFLICT DO NOTHING
              RETURNING 1
            ), refused AS (
              INSERT INTO refusal (id, reason, account, position, available, needed)
              SELECT * FROM unnest($23::uuid[], $24::text[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[])
            ), held AS (
              INSERT INTO hold (id, remaining, expires_at, state)
              SELECT h.id, h.remaining, h.expires_at, h.state::"char"
                FROM unnest($29::uuid[], $30::bigint[], $31::timestamptz[], $32::text[]) AS h (id, remaining, expires_at, state)
            ), settled AS (
              UPDATE hold h SET remaining = s.remaining, state = s.state::"char"
                FROM unnest($33::uuid[], $34::bigint[], $35::text[]) AS s (id, remaining, state)
               WHERE h.id = s.id AND h.state = 'o'
              RETURNING 1
            ), reversed AS (
              INSERT INTO reversal (of_transfer, id) SELECT * FROM unnest($36::uuid[], $37::uuid[])
            )
            SELECT CASE WHEN (SELECT count(*) FROM moved) = cardinality($2)
                         AND (SELECT count(*) FROM recorded) = cardinality($8)
                         AND (SELECT count(*) FROM settled) = cardinality($33)
                        THEN 0 ELSE lost_to_a_rival() END
            """;

    private static final String LEAVE_TRAIL = """
            INSERT INTO operator_action (subject, action, account, transfer_id)
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[])
            """;

    private static final String ALONE = """
            SELECT recorded, debit_entry, credit_entry, debit_left, credit_left,
                   (SELECT owner FROM account WHERE id = $3) = $7 AS payee_too
              FROM transfer_alone($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """;
    private static final String OVERDUE = """
            SELECT id FROM hold WHERE state = 'o' AND expires_at <= clock_timestamp() ORDER BY expires_at LIMIT $1
            """;
    private static final String OWNERS = "SELECT id, owner FROM account WHERE id = $1 OR id = $2";

    private static final String KEEP_PARTITIONS =
            "SELECT count(*)::int AS made FROM keep_transfer_partitions(current_date, $1)";

    private TransferStore() {}

    /** What an operator did with the money of others. */
    record Trail(String subject, RecordedTransfer transfer) {}

    /** Both accounts of each accepted transfer among these. They never change, so no lock is needed. */
    static Uni<List<Long>> accountsOf(SqlConnection connection, Collection<UUID> transfers) {
        return transfers.isEmpty()
                ? Uni.createFrom().item(List.of())
                : connection
                        .preparedQuery(ACCOUNTS_OF)
                        .execute(Tuple.of(transfers.toArray(UUID[]::new)))
                        .map(rows -> rows.stream()
                                .flatMap(row -> Stream.of(row.getLong(0), row.getLong(1)))
                                .toList());
    }

    /** In the order of their ids, whoever asks: nobody waits for each other crosswise. */
    static Uni<List<AccountState>> lock(SqlConnection connection, Collection<Long> accounts) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(new TreeSet<>(accounts).toArray(Long[]::new)))
                .map(rows -> list(rows, TransferStore::toAccount));
    }

    /** The same for whoever changes nothing. */
    static Uni<List<AccountState>> read(SqlConnection connection, Collection<Long> accounts) {
        return connection
                .preparedQuery(READ)
                .execute(Tuple.of(accounts.toArray(Long[]::new)))
                .map(rows -> list(rows, TransferStore::toAccount));
    }

    static Uni<Instant> now(SqlConnection connection) {
        return connection
                .preparedQuery(NOW)
                .execute()
                .map(rows -> rows.iterator().next())
                .map(row -> instant(row, "now"));
    }

    /** What these ids stand for; a rival may be writing one, which {@link #write} finds out. */
    static Uni<List<RecordedTransfer>> known(SqlClient connection, Collection<UUID> ids) {
        return connection
                .preparedQuery(KNOWN)
                .execute(Tuple.of(ids.toArray(UUID[]::new)))
                .map(rows -> list(rows, TransferStore::toTransfer));
    }

    static Uni<List<Hold>> holds(SqlConnection connection, Collection<UUID> ids) {
        return connection
                .preparedQuery(HOLDS)
                .execute(Tuple.of(ids.toArray(UUID[]::new)))
                .map(rows -> list(
                        rows,
                        row -> new Hold(
                                row.getUUID("id"),
                                row.getLong("remaining"),
                                instant(row, "expires_at"),
                                Hold.State.ofLetter(row.getString("state")))));
    }

    static Uni<List<UUID>> reversed(SqlConnection connection, Collection<UUID> ids) {
        return connection
                .preparedQuery(REVERSED)
                .execute(Tuple.of(ids.toArray(UUID[]::new)))
                .map(rows -> list(rows, row -> row.getUUID(0)));
    }

    /** Whatever was decided. */
    static Uni<Void> write(SqlConnection connection, Ledger ledger) {
        List<AccountState> accounts = ledger.movedAccounts();
        // two batches that record the same ids meet at the first of them, not crosswise
        List<RecordedTransfer> transfers = ledger.recorded().stream()
                .sorted(Comparator.comparing(RecordedTransfer::id))
                .toList();
        List<RecordedTransfer> refused =
                transfers.stream().filter(one -> one.refusal() != null).toList();
        List<Hold> held = ledger.newHolds();
        List<Hold> settled = ledger.changedHolds();
        List<Map.Entry<UUID, UUID>> reversals =
                List.copyOf(ledger.newReversals().entrySet());
        Tuple parameters = Tuple.tuple()
                .addOffsetDateTime(utc(ledger.now()))
                .addArrayOfLong(longs(accounts, AccountState::id))
                .addArrayOfLong(longs(accounts, AccountState::debitsPosted))
                .addArrayOfLong(longs(accounts, AccountState::creditsPosted))
                .addArrayOfLong(longs(accounts, AccountState::debitsPending))
                .addArrayOfLong(longs(accounts, AccountState::creditsPending))
                .addArrayOfLong(longs(accounts, AccountState::entries))
                .addArrayOfUUID(column(transfers, RecordedTransfer::id, UUID[]::new))
                .addArrayOfString(column(transfers, one -> one.kind().letter(), String[]::new))
                .addArrayOfUUID(column(transfers, RecordedTransfer::of, UUID[]::new))
                .addArrayOfLong(longs(transfers, RecordedTransfer::debitAccount))
                .addArrayOfLong(longs(transfers, RecordedTransfer::creditAccount))
                .addArrayOfLong(longs(transfers, RecordedTransfer::amountMinor))
                .addArrayOfString(column(transfers, RecordedTransfer::currency, String[]::new))
                .addArrayOfLong(longs(transfers, RecordedTransfer::balancingMinor))
                .addArrayOfOffsetDateTime(column(transfers, one -> utc(one.effectiveAt()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(column(transfers, one -> utc(one.expiresAt()), OffsetDateTime[]::new))
                .addArrayOfString(column(transfers, RecordedTransfer::reference, String[]::new))
                .addArrayOfLong(entries(transfers, Entry::debitSequence))
                .addArrayOfLong(entries(transfers, Entry::creditSequence))
                .addArrayOfLong(entries(transfers, Entry::debitBalanceMinor))
                .addArrayOfLong(entries(transfers, Entry::creditBalanceMinor))
                .addArrayOfUUID(column(refused, RecordedTransfer::id, UUID[]::new))
                .addArrayOfString(column(refused, one -> refusal(one).reason().word(), String[]::new))
                .addArrayOfLong(longs(refused, one -> refusal(one).account()))
                .addArrayOfLong(longs(refused, one -> refusal(one).position()))
                .addArrayOfLong(longs(refused, one -> refusal(one).availableMinor()))
                .addArrayOfLong(longs(refused, one -> refusal(one).neededMinor()))
                .addArrayOfUUID(column(held, Hold::id, UUID[]::new))
                .addArrayOfLong(longs(held, Hold::remainingMinor))
                .addArrayOfOffsetDateTime(column(held, one -> utc(one.expiresAt()), OffsetDateTime[]::new))
                .addArrayOfString(column(held, one -> one.state().letter(), String[]::new))
                .addArrayOfUUID(column(settled, Hold::id, UUID[]::new))
                .addArrayOfLong(longs(settled, Hold::remainingMinor))
                .addArrayOfString(column(settled, one -> one.state().letter(), String[]::new))
                .addArrayOfUUID(column(reversals, Map.Entry::getKey, UUID[]::new))
                .addArrayOfUUID(column(reversals, Map.Entry::getValue, UUID[]::new));
        return connection.preparedQuery(WRITE).execute(parameters).replaceWithVoid();
    }

    /** In the transaction of the deeds. */
    static Uni<Void> leaveTrail(SqlConnection connection, List<Trail> trail) {
        return trail.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery(LEAVE_TRAIL)
                        .execute(Tuple.tuple()
                                .addArrayOfString(column(trail, Trail::subject, String[]::new))
                                .addArrayOfString(column(
                                        trail, one -> one.transfer().kind().word(), String[]::new))
                                .addArrayOfLong(
                                        longs(trail, one -> one.transfer().debitAccount()))
                                .addArrayOfUUID(
                                        column(trail, one -> one.transfer().id(), UUID[]::new)))
                        .replaceWithVoid();
    }

    /**
     * Decides, writes and commits a plain transfer in one call. Null when it is not plain after all: nothing has happened
     * then.
     *
     * @param payer whose the account must be; null for anyone's
     */
    static Uni<TransferResult.@Nullable Posted> alone(
            SqlClient client,
            Transfer transfer,
            @Nullable String payer,
            String topic,
            String payload,
            @Nullable String traceparent) {
        Tuple parameters = Tuple.tuple()
                .addUUID(transfer.id())
                .addLong(transfer.debitAccount())
                .addLong(transfer.creditAccount())
                .addLong(transfer.amountMinor())
                .addString(transfer.currency())
                .addString(transfer.reference())
                .addString(payer)
                .addString(topic)
                .addUUID(transfer.id())
                .addString(payload)
                .addString(traceparent);
        return client.preparedQuery(ALONE).execute(parameters).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            var posted = new RecordedTransfer(
                    transfer.id(),
                    transfer.kind(),
                    null,
                    transfer.debitAccount(),
                    transfer.creditAccount(),
                    transfer.amountMinor(),
                    transfer.currency(),
                    null,
                    null,
                    null,
                    transfer.reference(),
                    instant(row, "recorded"),
                    new Entry(
                            row.getLong("debit_entry"),
                            row.getLong("credit_entry"),
                            row.getLong("debit_left"),
                            row.getLong("credit_left")),
                    null);
            return new TransferResult.Posted(posted, Sides.of(true, payer == null || row.getBoolean("payee_too")));
        });
    }

    /** How many were made. */
    static Uni<Integer> keepPartitions(SqlClient client, int monthsAhead) {
        return client.preparedQuery(KEEP_PARTITIONS)
                .execute(Tuple.of(monthsAhead))
                .map(rows -> rows.iterator().next().getInteger("made"));
    }

    /** Open holds whose time is over, the oldest first. */
    static Uni<List<UUID>> overdue(SqlClient client, int limit) {
        return client.preparedQuery(OVERDUE).execute(Tuple.of(limit)).map(rows -> list(rows, row -> row.getUUID("id")));
    }

    /** Of the accounts on both sides, by number. */
    static Uni<Map<Long, String>> owners(SqlClient client, RecordedTransfer transfer) {
        return client.preparedQuery(OWNERS)
                .execute(Tuple.of(transfer.debitAccount(), transfer.creditAccount()))
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(row -> row.getLong("id"), row -> row.getString("owner"))));
    }

    private static AccountState toAccount(Row row) {
        return new AccountState(
                row.getLong("id"),
                row.getString("owner"),
                row.getString("currency"),
                row.getLong("overdraft_limit"),
                row.getBoolean("frozen"),
                row.getBoolean("closed"),
                row.getLong("debits_posted"),
                row.getLong("credits_posted"),
                row.getLong("debits_pending"),
                row.getLong("credits_pending"),
                row.getLong("entries"),
                instant(row.getOffsetDateTime("last_entry_at")));
    }

    static RecordedTransfer toTransfer(Row row) {
        String reason = row.getString("reason");
        return new RecordedTransfer(
                row.getUUID("id"),
                Kind.ofLetter(row.getString("kind")),
                row.getUUID("of_transfer"),
                row.getLong("debit_account"),
                row.getLong("credit_account"),
                row.getLong("amount"),
                row.getString("currency"),
                row.getLong("balancing"),
                instant(row.getOffsetDateTime("effective_at")),
                instant(row.getOffsetDateTime("expires_at")),
                row.getString("reference"),
                instant(row, "recorded_at"),
                row.getLong("debit_seq") == null
                        ? null
                        : new Entry(
                                row.getLong("debit_seq"),
                                row.getLong("credit_seq"),
                                row.getLong("debit_balance"),
                                row.getLong("credit_balance")),
                reason == null
                        ? null
                        : new Refusal(
                                Reason.ofWord(reason),
                                row.getLong("account"),
                                row.getLong("position"),
                                row.getLong("available"),
                                row.getLong("needed")));
    }

    private static Refusal refusal(RecordedTransfer transfer) {
        Refusal refusal = transfer.refusal();
        if (refusal == null) {
            throw new IllegalArgumentException("%s is not refused".formatted(transfer.id()));
        }
        return refusal;
    }

    private static @Nullable Long[] entries(List<RecordedTransfer> transfers, Function<Entry, Long> value) {
        return longs(transfers, one -> one.entry() == null ? null : value.apply(one.entry()));
    }

    private static <T> @Nullable Long[] longs(List<T> rows, Function<T, @Nullable Long> value) {
        return column(rows, value, Long[]::new);
    }

    private static <T, V> @Nullable V[] column(
            List<T> rows, Function<T, @Nullable V> value, IntFunction<@Nullable V[]> array) {
        @Nullable V[] values = array.apply(rows.size());
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
        }
        return values;
    }

    private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> value) {
        return rows.stream().map(value).toList();
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
