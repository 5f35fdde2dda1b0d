package dev.holdfast.media.blob;

import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.UUID;

/** Who uses a blob that is there. */
public final class References {
    private final Pool pool;
    private final Transactions transactions;

    public References(Pool pool, Transactions transactions) {
        this.pool = pool;
        this.transactions = transactions;
    }

    /** False when there is no such blob any more. May be repeated. */
    public Uni<Boolean> attach(UUID blob, Reference reference) {
        return transactions.inTransaction(connection -> PublishingStore.lock(connection, blob)
                .chain(found -> found.map(live -> PublishingStore.refer(connection, live, reference))
                        .orElseGet(() -> Uni.createFrom().item(false))));
    }

    /** False when it was not attached. A blob that nobody uses any more is condemned by the next sweep. */
    public Uni<Boolean> detach(UUID blob, Reference reference) {
        return PublishingStore.detach(pool, blob, reference);
    }
}
