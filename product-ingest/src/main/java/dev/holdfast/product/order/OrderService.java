package dev.holdfast.product.order;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.SessionTransactions;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.catalogue.Catalogue;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Orders as their customers deal with them. */
@Singleton
class OrderService {
    private final SessionTransactions transactions;
    private final OrderStore store;
    private final OrderJournal journal;
    private final Catalogue catalogue;
    private final OrderMetrics metrics;
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;
    private final ProductConfig config;

    OrderService(
            SessionTransactions transactions,
            OrderStore store,
            OrderJournal journal,
            Catalogue catalogue,
            OrderMetrics metrics,
            Outbox outbox,
            Ids ids,
            Clock clock,
            ProductConfig config) {
        this.transactions = transactions;
        this.store = store;
        this.journal = journal;
        this.catalogue = catalogue;
        this.metrics = metrics;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = OrderStore.inItsPrecision(clock);
        this.config = config;
    }

    /**
     * Places an order once per key. Of rivals with one key, the unique constraint lets one through; the others find what
     * it has placed. A key is used up by an order alone: after a refusal it can be used again.
     *
     * @param request without {@link OrderRules#violations}
     */
    Uni<OrderResult> place(String customer, String idempotencyKey, OrderRequest request) {
        byte[] fingerprint = request.fingerprint();
        return known(customer, idempotencyKey, fingerprint)
                .chain(known -> known.map(Uni.createFrom()::item)
                        .orElseGet(() -> placeNew(customer, idempotencyKey, fingerprint, request.askedLines())));
    }

    private Uni<Optional<OrderResult>> known(String customer, String idempotencyKey, byte[] fingerprint) {
        return transactions.inTransaction(() -> store.ofKey(customer, idempotencyKey)
                .map(found -> found.map(order -> Arrays.equals(order.requestFingerprint(), fingerprint)
                        ? new OrderResult.Exists(OrderRepresentation.asPlaced(order))
                        : new OrderResult.KeyTaken(order.id().toString()))));
    }

    private Uni<OrderResult> placeNew(
            String customer, String idempotencyKey, byte[] fingerprint, List<AskedLine> lines) {
        return catalogue
                .offers(lines.stream().map(AskedLine::product).toList())
                .chain(offers -> switch (OrderRules.quote(lines, offers)) {
                    case OrderQuote.Outdated outdated ->
                        Uni.createFrom().item(new OrderResult.Outdated(outdated.differences()));
                    case OrderQuote.Priced priced -> insert(customer, idempotencyKey, fingerprint, priced);
                });
    }

    private Uni<OrderResult> insert(
            String customer, String idempotencyKey, byte[] fingerprint, OrderQuote.Priced quote) {
        return transactions
                .<OrderResult>inTransaction(() -> {
                    Instant now = clock.instant();
                    var order = new OrderEntity(
                            ids.next(),
                            customer,
                            idempotencyKey,
                            fingerprint,
                            quote,
                            now,
                            config.order().paymentTimeout());
                    return store.persist(order)
                            .chain(() -> journal.statusChanged(order, OrderEvent.Placed.of(order), now))
                            .map(placed -> new OrderResult.Placed(OrderRepresentation.asPlaced(order)));
                })
                .invoke(placed -> {
                    outbox.wake();
                    metrics.recordStatus(OrderStatus.PLACED);
                })
                .onFailure(OrderService::isKeyTaken)
                .recoverWithUni(
                        () -> known(customer, idempotencyKey, fingerprint).map(Optional::orElseThrow));
    }

    private static boolean isKeyTaken(Throwable failure) {
        return OrderEntity.CONSTRAINT_KEY_NAMES_ONE_ORDER.equals(SessionTransactions.constraint(failure));
    }

    /** With its lines and history; empty when there is none, or none that the caller may see. */
    Uni<Optional<OrderRepresentation>> find(UUID id, Predicate<String> mayActFor) {
        return transactions.inTransaction(() -> represented(id, mayActFor));
    }

    private Uni<Optional<OrderRepresentation>> represented(UUID id, Predicate<String> mayActFor) {
        return store.withLines(id)
                .map(found -> found.filter(order -> mayActFor.test(order.customer())))
                .chain(found -> found.map(order ->
                                store.history(id).map(history -> Optional.of(OrderRepresentation.of(order, history))))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    /** @see OrderStore#page */
    Uni<List<OrderSummary>> page(
            @Nullable String customer, @Nullable OrderStatus status, @Nullable UUID before, int limit) {
        return transactions.inTransaction(() -> store.page(customer, status, before, limit)
                .map(orders -> orders.stream().map(OrderSummary::of).toList()));
    }

    /** Cancels an order that is still placed; empty as in {@link #find}. */
    Uni<Optional<OrderResult.Cancellation>> cancel(UUID id, Predicate<String> mayActFor, String reason) {
        return transactions
                .inTransaction(() -> store.locked(id)
                        .map(found -> found.filter(order -> mayActFor.test(order.customer())))
                        .chain(found -> found.map(order -> cancel(order, reason))
                                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))))
                .invoke(cancellation -> cancellation
                        .filter(done -> done.settledBefore().isEmpty())
                        .ifPresent(done -> {
                            outbox.wake();
                            metrics.recordStatus(OrderStatus.CANCELLED);
                        }));
    }

    private Uni<Optional<OrderResult.Cancellation>> cancel(OrderEntity order, String reason) {
        Optional<OrderStatus> settledBefore =
                Optional.of(order.status()).filter(status -> status != OrderStatus.PLACED);
        Uni<Void> change = Uni.createFrom().voidItem();
        if (settledBefore.isEmpty()) {
            Instant now = clock.instant();
            order.cancel(reason, now);
            change = journal.statusChanged(order, new OrderEvent.Cancelled(order.id(), reason), now);
        }
        return change.chain(() -> represented(order.id(), customer -> true))
                .map(found -> found.map(shown -> new OrderResult.Cancellation(shown, settledBefore)));
    }
}
