package dev.holdfast.audit.retention;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** The statements of retention. Each deletes a batch, and returns how many. */
final class RetentionStore {
    private static final String FORGET_READS = "SELECT forget_reads($1, $2) AS deleted";
    private static final String THIN_CHECKPOINTS = "SELECT thin_checkpoints($1, $2) AS deleted";

    private RetentionStore() {}

    static Uni<Integer> forgetReads(SqlClient client, Instant olderThan, int limit) {
        return client.preparedQuery(FORGET_READS)
                .execute(Tuple.of(olderThan.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.iterator().next().getInteger("deleted"));
    }

    static Uni<Integer> thinCheckpoints(SqlClient client, long leavesBack, int limit) {
        return client.preparedQuery(THIN_CHECKPOINTS)
                .execute(Tuple.of(leavesBack, limit))
                .map(rows -> rows.iterator().next().getInteger("deleted"));
    }
}
