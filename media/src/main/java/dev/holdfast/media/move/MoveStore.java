package dev.holdfast.media.move;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.BlobColumns;
import dev.holdfast.media.store.Backend;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The statements of moves. */
final class MoveStore {
    /**
     * Replaces the announcement by the new copy. Of two who move a blob, the second one waits for the first, and finds another copy then.
     * It does not wait for those who attach, nor they for it.
     */
    private static final String SWITCH = """
            WITH announced AS (DELETE FROM upload_intent WHERE id = $2 RETURNING id)
            UPDATE blob SET copy_id = $2, backend = $3, former_copy_id = $4, former_backend = backend
             WHERE id = $1 AND coalesce(copy_id, id) = $4 AND state = 'l' AND EXISTS (SELECT FROM announced)
            """;

    private static final String GIVE_UP = "DELETE FROM upload_intent WHERE id = $1";
    private static final String LIVE =
            "SELECT %s FROM blob WHERE state = 'l' AND id > $1 ORDER BY id LIMIT $2".formatted(BlobColumns.NAMES);

    private MoveStore() {}

    /** False when the blob is no longer what it was, or the announcement has expired. */
    static Uni<Boolean> switchTo(SqlClient client, Blob from, UUID copy, Backend to) {
        return client.preparedQuery(SWITCH)
                .execute(Tuple.of(
                        from.ref().id(),
                        copy,
                        to.name().toLowerCase(Locale.ROOT),
                        from.ref().copy()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** True when it was still announced, so that nothing can have become of it. Waits for a switch that is on its way. */
    static Uni<Boolean> giveUp(SqlClient client, UUID copy) {
        return client.preparedQuery(GIVE_UP).execute(Tuple.of(copy)).map(rows -> rows.rowCount() == 1);
    }

    /** Behind this one, in the order of their ids. */
    static Uni<List<Blob>> live(SqlClient client, UUID after, int limit) {
        return client.preparedQuery(LIVE)
                .execute(Tuple.of(after, limit))
                .map(rows -> rows.stream().map(BlobColumns::toBlob).toList());
    }
}
