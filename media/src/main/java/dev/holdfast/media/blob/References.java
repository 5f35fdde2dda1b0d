package dev.holdfast.media.blob;

import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.UUID;

/** Who uses a blob that is there. */
public final class References {
    private final Pool pool;
    private final Transactions transactions;
    private final Quotas quotas;

    public References(Pool pool, Transactions transactions, Quotas quotas) {
        this.pool = pool;
        this.transactions = transactions;
        this.quotas = quotas;
    }

    /** May be repeated. */
    public Uni<AttachResult> attach(UUID blob, Reference reference) {
        return transactions.inTransaction(connection -> PublishingStore.lock(connection, blob)
                .chain(found -> found.map(
                                live -> PublishingStore.refer(connection, live, reference, quotas.of(reference)))
                        .orElseGet(() -> Uni.createFrom().item(new AttachResult.Gone()))));
    }

    /** False when it was not attached. A blob that nobody uses any more is condemned by the next sweep. */
    public Uni<Boolean> detach(UUID blob, Reference reference) {
        return PublishingStore.detach(pool, blob, reference);
    }
}
