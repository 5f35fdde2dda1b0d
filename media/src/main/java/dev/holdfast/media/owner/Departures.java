package dev.holdfast.media.owner;

import dev.holdfast.media.blob.Owners;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.platform.inbox.Inbox;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** What is done when an owner goes; once per event, in one transaction with the note that it was seen. */
final class Departures {
    static final String USER_ERASED = "user.erased";
    static final String PRODUCT_ARCHIVED = "product.archived";

    private final Transactions transactions;
    private final DepartureMetrics metrics;

    Departures(Transactions transactions, DepartureMetrics metrics) {
        this.transactions = transactions;
        this.metrics = metrics;
    }

    /** For ever. */
    Uni<Void> userErased(OwnerEvent event) {
        return once("users", USER_ERASED, event, connection -> Owners.erase(connection, event.owner()));
    }

    /**
     * What is attached afterwards stays, because a product can come back.
     *
     * @param at when, by the clock of the other service's database; it is compared with ours
     */
    Uni<Void> productArchived(OwnerEvent event, Instant at) {
        return once(
                "products",
                PRODUCT_ARCHIVED,
                event,
                connection -> Owners.drop(connection, Reference.PRODUCT, event.owner(), at));
    }

    private Uni<Void> once(
            String consumer, String type, OwnerEvent event, Function<SqlConnection, Uni<Integer>> effect) {
        return transactions
                .inTransaction(connection -> Inbox.receiveOnce(connection, consumer, event.id())
                        .chain(isNew -> isNew
                                ? effect.apply(connection).map(Optional::of)
                                : Uni.createFrom().item(Optional.<Integer>empty())))
                .invoke(done -> done.ifPresent(references -> metrics.record(type, references)))
                .replaceWithVoid();
    }
}
