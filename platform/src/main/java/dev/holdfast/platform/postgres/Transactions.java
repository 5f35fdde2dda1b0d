package dev.holdfast.platform.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
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

    /**
     * The same without running it again, for a caller who does something else when it lost.
     *
     * <p>The answer to BEGIN is waited for: a statement sent along with a BEGIN that is cancelled would commit by itself.
     */
    public <T> Uni<T> inTransactionOnce(Function<SqlConnection, Uni<T>> work) {
        return pool.withTransaction(work);
    }
}
