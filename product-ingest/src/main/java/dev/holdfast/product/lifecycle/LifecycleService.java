package dev.holdfast.product.lifecycle;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.outbox.OutboxEvent;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.catalogue.ProductId;
import dev.holdfast.product.lifecycle.LifecycleResult.Done;
import dev.holdfast.product.lifecycle.LifecycleResult.GtinTaken;
import dev.holdfast.product.lifecycle.LifecycleResult.NoContent;
import dev.holdfast.product.lifecycle.LifecycleResult.UnknownProduct;
import dev.holdfast.product.lifecycle.LifecycleResult.UnknownVersion;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deletes and restores products on behalf of people. Doing so again changes nothing and answers the same.
 *
 * <p>A deletion needs the product's row and no more. A restoration takes a GTIN, so it runs while no batch of the feed
 * does; then the row is locked, then the version is looked up, so what was decided still holds when it is written.
 */
final class LifecycleService {
    private final Transactions transactions;
    private final Outbox outbox;
    private final Ids ids;
    private final ProductConfig config;

    LifecycleService(Transactions transactions, Outbox outbox, Ids ids, ProductConfig config) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.ids = ids;
        this.config = config;
    }

    /** @param subject who does it */
    Uni<LifecycleResult> delete(ProductId id, String subject) {
        return transactions
                .inTransaction(connection -> LifecycleStore.delete(connection, id, subject, config.history())
                        .call(change -> tell(connection, id, "product.deleted", change))
                        .chain(change -> done(connection, id, change.isPresent())))
                .invoke(outbox::wake);
    }

    /**
     * Makes a product what it was.
     *
     * @param rowVersion which version; null for the latest that has content, which is what it was before its deletion
     * @param subject who does it
     */
    Uni<LifecycleResult> restore(ProductId id, @Nullable Long rowVersion, String subject) {
        return transactions
                .inTransaction(connection -> LifecycleStore.enterAlone(connection)
                        .chain(() -> LifecycleStore.lock(connection, id))
                        .chain(exists -> exists
                                ? LifecycleStore.candidate(connection, id, rowVersion)
                                        .chain(candidate -> restore(connection, id, rowVersion, subject, candidate))
                                : Uni.createFrom().item(new UnknownProduct())))
                .invoke(outbox::wake);
    }

    private Uni<LifecycleResult> restore(
            SqlConnection connection,
            ProductId id,
            @Nullable Long rowVersion,
            String subject,
            Optional<LifecycleStore.Candidate> found) {
        if (found.isEmpty()) {
            return Uni.createFrom().item(rowVersion == null ? new NoContent() : new UnknownVersion());
        }
        LifecycleStore.Candidate candidate = found.get();
        if (!candidate.hasContent()) {
            return Uni.createFrom().item(new NoContent());
        }
        if (candidate.stands()) {
            return done(connection, id, false);
        }
        if (candidate.gtin() != null && candidate.holder() != null) {
            return Uni.createFrom().item(new GtinTaken(candidate.gtin(), candidate.holder()));
        }
        return LifecycleStore.restore(connection, id, candidate.rowVersion(), subject, config.history())
                .call(change -> tell(
                        connection,
                        id,
                        change.filter(made -> made.oldState().equals("live")).isPresent()
                                ? "product.changed"
                                : "product.restored",
                        change))
                .chain(change -> change.isPresent()
                        ? done(connection, id, true)
                        : Uni.createFrom().item(new UnknownVersion())); // dropped by the retention a moment ago
    }

    private static Uni<LifecycleResult> done(SqlConnection connection, ProductId id, boolean changed) {
        return LifecycleStore.current(connection, id)
                .map(version -> version.<LifecycleResult>map(current -> new Done(current, changed))
                        .orElseGet(UnknownProduct::new));
    }

    private Uni<Void> tell(
            SqlConnection connection, ProductId id, String type, Optional<LifecycleStore.Change> change) {
        return outbox.append(
                connection,
                change.filter(made -> config.events()).stream()
                        .map(made -> OutboxEvent.of(
                                ids.next(),
                                config.eventTopic(),
                                type,
                                id.toString(),
                                made.rowVersion(),
                                made.at(),
                                made.payload()))
                        .toList());
    }
}
