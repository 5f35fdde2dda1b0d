package dev.holdfast.payments.lab;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The statements that the modes are made of, on the accounts of one run. */
final class LabStore {
    private static final String OPEN = """
            INSERT INTO lab_account (run, id, balance) SELECT $1, id, $3 FROM generate_series(0, $2 - 1) AS id
            """;
    private static final String BALANCES = "SELECT id, balance, version FROM lab_account WHERE run = $1 ORDER BY id";
    private static final String CLEAR = "DELETE FROM lab_account WHERE run = $1";
    private static final String READ = "SELECT id, balance, version FROM lab_account WHERE run = $1 AND id = $2";
    private static final String READ_AND_LOCK = READ + " FOR UPDATE";
    private static final String READ_AND_LOCK_ALL = """
            SELECT id, balance, version FROM lab_account WHERE run = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE
            """;
    private static final String WRITE = "UPDATE lab_account SET balance = $3 WHERE run = $1 AND id = $2";
    private static final String WRITE_IF_UNCHANGED = """
            UPDATE lab_account SET balance = $3, version = version + 1 WHERE run = $1 AND id = $2 AND version = $4
            """;
    private static final String ADD = """
            UPDATE lab_account SET balance = balance + $3 WHERE run = $1 AND id = $2 AND balance + $3 >= 0 RETURNING balance
            """;
    private static final String WRITE_ALL = """
            UPDATE lab_account a SET balance = n.balance
              FROM unnest($2::int[], $3::bigint[]) AS n (id, balance) WHERE a.run = $1 AND a.id = n.id
            """;
    private static final String LOCK_NUMBER = "SELECT pg_advisory_xact_lock(hashtext($1::uuid::text), $2)";

    private final UUID run;

    LabStore(UUID run) {
        this.run = run;
    }

    /** A row of the play ledger. */
    record LabAccount(int id, long balance, long version) {}

    Uni<Void> open(SqlClient client, int accounts, long balance) {
        return client.preparedQuery(OPEN)
                .execute(Tuple.of(run, accounts, balance))
                .replaceWithVoid();
    }

    Uni<List<LabAccount>> balances(SqlClient client) {
        return client.preparedQuery(BALANCES)
                .execute(Tuple.of(run))
                .map(rows -> rows.stream().map(LabStore::toAccount).toList());
    }

    Uni<Void> clear(SqlClient client) {
        return client.preparedQuery(CLEAR).execute(Tuple.of(run)).replaceWithVoid();
    }

    Uni<LabAccount> read(SqlConnection connection, int account) {
        return connection.preparedQuery(READ).execute(Tuple.of(run, account)).map(LabStore::one);
    }

    Uni<LabAccount> readAndLock(SqlConnection connection, int account) {
        return connection
                .preparedQuery(READ_AND_LOCK)
                .execute(Tuple.of(run, account))
                .map(LabStore::one);
    }

    /** In the order of the ids. */
    Uni<Map<Integer, LabAccount>> readAndLock(SqlConnection connection, Integer[] accounts) {
        return connection
                .preparedQuery(READ_AND_LOCK_ALL)
                .execute(Tuple.of(run, accounts))
                .map(rows ->
                        rows.stream().map(LabStore::toAccount).collect(Collectors.toMap(LabAccount::id, one -> one)));
    }

    Uni<Void> write(SqlConnection connection, int account, long balance) {
        return connection
                .preparedQuery(WRITE)
                .execute(Tuple.of(run, account, balance))
                .replaceWithVoid();
    }

    /** False when the account is not as it was read. */
    Uni<Boolean> writeIfUnchanged(SqlConnection connection, LabAccount read, long balance) {
        return connection
                .preparedQuery(WRITE_IF_UNCHANGED)
                .execute(Tuple.of(run, read.id(), balance, read.version()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The new balance, or empty when it would fall below zero. */
    Uni<Optional<Long>> add(SqlConnection connection, int account, long amount) {
        return connection
                .preparedQuery(ADD)
                .execute(Tuple.of(run, account, amount))
                .map(rows -> rows.stream().findFirst().map(row -> row.getLong(0)));
    }

    Uni<Void> writeAll(SqlConnection connection, Integer[] accounts, Long[] balances) {
        return connection
                .preparedQuery(WRITE_ALL)
                .execute(Tuple.of(run, accounts, balances))
                .replaceWithVoid();
    }

    Uni<Void> lockNumber(SqlConnection connection, int account) {
        return connection
                .preparedQuery(LOCK_NUMBER)
                .execute(Tuple.of(run, account))
                .replaceWithVoid();
    }

    private static LabAccount one(RowSet<Row> rows) {
        return toAccount(rows.iterator().next());
    }

    private static LabAccount toAccount(Row row) {
        return new LabAccount(row.getInteger("id"), row.getLong("balance"), row.getLong("version"));
    }
}
