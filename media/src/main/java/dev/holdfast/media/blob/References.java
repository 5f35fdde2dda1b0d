package dev.holdfast.media.blob;

import dev.holdfast.media.store.Sha256;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

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
        return attach(reference, connection -> PublishingStore.lock(connection, blob));
    }

    /** The same to whichever live blob has these bytes. */
    public Uni<AttachResult> attach(Sha256 hash, Reference reference) {
        return attach(reference, connection -> PublishingStore.sameBytes(connection, hash));
    }

    private Uni<AttachResult> attach(Reference reference, Function<SqlConnection, Uni<Optional<Blob>>> lock) {
        return transactions.inTransaction(connection -> OwnerStore.enter(connection, reference)
                .chain(isErased -> isErased
                        ? Uni.createFrom().item(new AttachResult.OwnerErased())
                        : lock.apply(connection).chain(found -> attach(connection, found, reference))));
    }

    private Uni<AttachResult> attach(SqlConnection connection, Optional<Blob> found, Reference reference) {
        return found.map(live -> PublishingStore.refer(connection, live, reference, quotas.of(reference)))
                .orElseGet(() -> Uni.createFrom().item(new AttachResult.Gone()));
    }

    /** False when it was not attached. A blob that nobody uses any more is condemned by the next sweep. */
    public Uni<Boolean> detach(UUID blob, Reference reference) {
        return PublishingStore.detach(pool, blob, reference);
    }

    /** The same from whichever live blob has these bytes. */
    public Uni<Boolean> detach(Sha256 hash, Reference reference) {
        return PublishingStore.detach(pool, hash, reference);
    }
}
