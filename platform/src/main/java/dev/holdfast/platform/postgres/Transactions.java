package dev.holdfast.platform.postgres;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.util.function.Function;

/** The one way from a service to a transaction: a connection of the pool, READ COMMITTED, run again when it lost to a rival. */
public final class Transactions {
    private final Pool pool;
    private final TransactionRetry retry;

    public Transactions(Pool pool, TransactionRetry retry) {
        this.pool = pool;
        this.retry = retry;
    }

    /**
     * Commits when the work succeeds, rolls back when it fails.
     *
     * @param work may run several times; it must have no effect outside the database
     */
    public <T> Uni<T> inTransaction(Function<SqlConnection, Uni<T>> work) {
        return retry.execute(() -> inTransactionOnce(work));
    }

    /** The same without running it again, for a caller who does something else when it lost. */
    public <T> Uni<T> inTransactionOnce(Function<SqlConnection, Uni<T>> work) {
        return pool.withConnection(connection -> begin(connection, work)
                .call(() -> connection.transaction().commit())
                .onFailure()
                .call(() -> rollBack(connection)));
    }

    /** The first statement does not wait for the answer to BEGIN: both are sent at once. */
    private static <T> Uni<T> begin(SqlConnection connection, Function<SqlConnection, Uni<T>> work) {
        return Uni.combine()
                .all()
                .unis(connection.begin(), Uni.createFrom().deferred(() -> work.apply(connection)))
                .asTuple()
                .map(Tuple2::getItem2);
    }

    /** Whatever becomes of it, the caller hears of the first failure; the server rolls back what it hears no more of. */
    private static Uni<Void> rollBack(SqlConnection connection) {
        Transaction open = connection.transaction();
        return open == null
                ? Uni.createFrom().voidItem()
                : open.rollback().onFailure().recoverWithNull();
    }
}
