package dev.holdfast.payments.account;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts; what transfers need of them is in their own store. */
final class AccountStore {
    /** The names of the rules that an edit may break. */
    static final String WITHIN_LIMIT = "account_within_its_limit";

    static final String EMPTY_WHEN_CLOSED = "account_empty_when_closed";

    private static final String COLUMNS = """
            id, owner, name, currency, overdraft_limit, frozen, closed, version, opened_at, debits_posted, credits_posted,
            debits_pending, credits_pending, entries
            """;
    private static final String OPEN = """
            INSERT INTO account (owner, name, currency, overdraft_limit, opening_key) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            RETURNING %s
            """.formatted(COLUMNS);
    private static final String OPENED = "SELECT %s FROM account WHERE opening_key = $1".formatted(COLUMNS);
    private static final String FIND = "SELECT %s FROM account WHERE id = $1".formatted(COLUMNS);
    private static final String PAGE = """
            SELECT %s FROM account WHERE ($1::text IS NULL OR owner = $1) AND id > $2 ORDER BY id LIMIT $3
            """.formatted(COLUMNS);

    /** Only if it is still the version that was seen: nobody waits, and who comes second is told. */
    private static final String EDIT = """
            UPDATE account
               SET name = coalesce($3, name),
                   overdraft_limit = CASE WHEN $5 THEN NULL ELSE coalesce($4, overdraft_limit) END,
                   frozen = coalesce($6, frozen),
                   closed = coalesce($7, closed),
                   version = version + 1
             WHERE id = $1 AND version = $2 AND NOT closed
            RETURNING %s
            """.formatted(COLUMNS);

    private static final String PAYING = """
            SELECT id FROM account WHERE owner = $1 AND currency = $2 AND NOT closed ORDER BY id LIMIT 1
            """;
    private static final String FREEZE = """
            UPDATE account SET frozen = true, version = version + 1 WHERE id = $1 AND NOT frozen
            """;
    private static final String PSEUDONYMISE = """
            UPDATE account SET owner = $2, name = 'erased', opening_key = $2 || ' ' || id, version = version + 1
             WHERE owner = $1
            """;
    private static final String TRAIL = """
            INSERT INTO operator_action (subject, action, account, detail) VALUES ($1, $2, $3, $4)
            """;
    private static final String ACTIONS = """
            SELECT id, acted_at, subject, action, transfer_id, detail
              FROM operator_action WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3
            """;

    private AccountStore() {}

    /** Empty when the key has opened one before. */
    static Uni<Optional<Account>> open(
            SqlConnection connection,
            String owner,
            String name,
            String currency,
            @Nullable Long overdraftLimitMinor,
            String key) {
        return connection
                .preparedQuery(OPEN)
                .execute(Tuple.of(owner, name, currency, overdraftLimitMinor, key))
                .map(AccountStore::first);
    }

    static Uni<Optional<Account>> openedBy(SqlClient client, String key) {
        return client.preparedQuery(OPENED).execute(Tuple.of(key)).map(AccountStore::first);
    }

    static Uni<Optional<Account>> find(SqlClient client, long id) {
        return client.preparedQuery(FIND).execute(Tuple.of(id)).map(AccountStore::first);
    }

    /** @param owner null for everyone's */
    static Uni<List<Account>> page(SqlClient client, @Nullable String owner, long after, int limit) {
        return client.preparedQuery(PAGE)
                .execute(Tuple.of(owner, after, limit))
                .map(rows -> rows.stream().map(AccountStore::toAccount).toList());
    }

    /** Empty when it is not that version any more, or closed, or was never there. */
    static Uni<Optional<Account>> edit(SqlConnection connection, long id, long version, AccountSettings settings) {
        return connection
                .preparedQuery(EDIT)
                .execute(Tuple.from(Arrays.asList(
                        id,
                        version,
                        settings.name(),
                        settings.overdraftLimitMinor(),
                        settings.withoutLimit(),
                        settings.frozen(),
                        settings.closed())))
                .map(AccountStore::first);
    }

    /** An owner's first account in a currency. */
    static Uni<Optional<Long>> paying(SqlClient client, String owner, String currency) {
        return client.preparedQuery(PAYING)
                .execute(Tuple.of(owner, currency))
                .map(rows -> rows.stream().findFirst().map(row -> row.getLong("id")));
    }

    static Uni<Boolean> freeze(SqlConnection connection, long id) {
        return connection.preparedQuery(FREEZE).execute(Tuple.of(id)).map(rows -> rows.rowCount() == 1);
    }

    /** The number of accounts that had this owner. */
    static Uni<Integer> pseudonymise(SqlConnection connection, String owner, String pseudonym) {
        return connection
                .preparedQuery(PSEUDONYMISE)
                .execute(Tuple.of(owner, pseudonym))
                .map(RowSet::rowCount);
    }

    /** Who did what to an account, in the transaction of the deed. */
    static Uni<Void> leaveTrail(
            SqlConnection connection, String subject, String action, long account, JsonObject detail) {
        return connection
                .preparedQuery(TRAIL)
                .execute(Tuple.of(subject, action, account, detail))
                .replaceWithVoid();
    }

    /** @param before actions with this number and higher are on earlier pages */
    static Uni<List<OperatorActionPage.Item>> actions(SqlClient client, long account, long before, int limit) {
        return client.preparedQuery(ACTIONS)
                .execute(Tuple.of(account, before, limit))
                .map(rows -> rows.stream()
                        .map(row -> new OperatorActionPage.Item(
                                row.getLong("id"),
                                row.getOffsetDateTime("acted_at").toInstant(),
                                row.getString("subject"),
                                row.getString("action"),
                                row.getUUID("transfer_id"),
                                row.getJsonObject("detail").getMap()))
                        .toList());
    }

    private static Optional<Account> first(RowSet<Row> rows) {
        return rows.stream().findFirst().map(AccountStore::toAccount);
    }

    private static Account toAccount(Row row) {
        return new Account(
                row.getLong("id"),
                row.getString("owner"),
                row.getString("name"),
                row.getString("currency"),
                row.getLong("overdraft_limit"),
                row.getBoolean("frozen"),
                row.getBoolean("closed"),
                row.getLong("version"),
                row.getOffsetDateTime("opened_at").toInstant(),
                row.getLong("debits_posted"),
                row.getLong("credits_posted"),
                row.getLong("debits_pending"),
                row.getLong("credits_pending"),
                row.getLong("entries"));
    }
}
