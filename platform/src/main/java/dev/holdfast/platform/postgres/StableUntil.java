package dev.holdfast.platform.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.time.Instant;

/**
 * Up to which recorded time the past is closed.
 *
 * <p>Whoever writes takes the server's time within a transaction, and others see the row when it commits. So a row with an
 * earlier time can appear after an answer was given, as long as a transaction that began before that time is open. What was
 * recorded before the oldest open transaction of the service's role began, and before now, has been seen: no later answer about
 * it differs. A long transaction holds the moment back, and makes nothing wrong.
 */
public final class StableUntil {
    /** The statement's own time is taken before the sessions are looked through, so who begins meanwhile is later. */
    private static final String SQL = """
            SELECT least(statement_timestamp(), min(xact_start) - interval '1 microsecond') AS stable
              FROM pg_stat_activity
             WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
               AND xact_start IS NOT NULL
            """;

    private StableUntil() {}

    /**
     * To be asked by a statement of its own before what it is said of, on any connection of the role that writes. Within one
     * statement both would have the snapshot of its beginning, and what commits in between would be missed by either.
     */
    public static Uni<Instant> read(SqlClient client) {
        return client.preparedQuery(SQL)
                .execute()
                .map(rows -> rows.iterator().next().getOffsetDateTime("stable").toInstant());
    }
}
