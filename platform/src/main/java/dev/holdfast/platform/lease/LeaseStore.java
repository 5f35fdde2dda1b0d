package dev.holdfast.platform.lease;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;

/**
 * Leases in the service's own schema, with the database's clock as the only one that counts.
 *
 * <p>An expiry alone protects nothing: a holder that was paused past it goes on as if it held the lease (Kleppmann,
 * "How to do distributed locking", 2016). So each grant raises an epoch, and whatever the holder writes checks the
 * epoch in the same transaction, either with {@link #verify} or with the same condition in its own statement.
 */
public final class LeaseStore {
    private static final String ACQUIRE = """
            INSERT INTO lease AS held (name, holder, epoch, expires_at)
            VALUES ($1, $2, 1, clock_timestamp() + $3::bigint * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE
               SET holder = excluded.holder, epoch = held.epoch + 1, expires_at = excluded.expires_at
             WHERE held.expires_at < clock_timestamp()
            RETURNING epoch
            """;
    private static final String RENEW = """
            UPDATE lease SET expires_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
             WHERE name = $1 AND epoch = $2
            """;
    private static final String RELEASE = """
            UPDATE lease SET expires_at = '-infinity' WHERE name = $1 AND epoch = $2
            """;
    private static final String VERIFY = """
            SELECT 1 FROM lease WHERE name = $1 AND epoch = $2 FOR SHARE
            """;

    private LeaseStore() {}

    /**
     * Takes the lease if it is free or has expired.
     *
     * @param holder who asks, for people who look
     * @param duration how long it holds without {@link #renew}; at least 1 ms
     */
    public static Uni<Optional<Lease>> acquire(SqlClient client, String name, String holder, Duration duration) {
        return client.preparedQuery(ACQUIRE)
                .execute(Tuple.of(name, holder, duration.toMillis()))
                .map(rows -> rows.size() == 0
                        ? Optional.<Lease>empty()
                        : Optional.of(new Lease(name, rows.iterator().next().getLong(0))));
    }

    /** False when someone else holds it by now. A lease that expired but found no other taker is renewed. */
    public static Uni<Boolean> renew(SqlClient client, Lease lease, Duration duration) {
        return client.preparedQuery(RENEW)
                .execute(Tuple.of(lease.name(), lease.epoch(), duration.toMillis()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Lets another holder in at once; without effect when the lease is lost already. */
    public static Uni<Void> release(SqlClient client, Lease lease) {
        return client.preparedQuery(RELEASE)
                .execute(Tuple.of(lease.name(), lease.epoch()))
                .replaceWithVoid();
    }

    /**
     * Fails with {@link FencedOffException} unless the lease still holds, and keeps it from being granted anew until
     * the caller's transaction ends.
     */
    public static Uni<Void> verify(SqlConnection connection, Lease lease) {
        return connection
                .preparedQuery(VERIFY)
                .execute(Tuple.of(lease.name(), lease.epoch()))
                .invoke(rows -> {
                    if (rows.size() == 0) {
                        throw new FencedOffException(lease.name(), lease.epoch());
                    }
                })
                .replaceWithVoid();
    }
}
