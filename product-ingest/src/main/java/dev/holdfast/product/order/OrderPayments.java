package dev.holdfast.product.order;

import dev.holdfast.platform.inbox.SessionInbox;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.SessionTransactions;
import dev.holdfast.product.order.PaymentDecision.Rejection;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;

/**
 * Lets a payment's news take effect once. The order's row is locked first, so that a payment, a timeout and a customer
 * who cancels decide one after the other; the inbox is asked last, so that news which is rejected leaves no trace and
 * can be sent again once it is mended.
 */
@Singleton
class OrderPayments {
    private static final String CONSUMER = "orders";

    private final SessionTransactions transactions;
    private final OrderStore store;
    private final OrderJournal journal;
    private final OrderMetrics metrics;
    private final Outbox outbox;
    private final Clock clock;

    OrderPayments(
            SessionTransactions transactions,
            OrderStore store,
            OrderJournal journal,
            OrderMetrics metrics,
            Outbox outbox,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.journal = journal;
        this.metrics = metrics;
        this.outbox = outbox;
        this.clock = OrderStore.inItsPrecision(clock);
    }

    /** What the news did; {@link PaymentDecision.Nothing} when it had come before. */
    Uni<PaymentDecision> receive(PaymentEvent event) {
        return transactions.inTransaction(() -> inTransaction(event)).invoke(this::tellAfterCommit);
    }

    private Uni<PaymentDecision> inTransaction(PaymentEvent event) {
        return store.locked(event.orderId())
                .chain(found -> found.map(order -> decide(order, event)).orElseGet(() -> unknown(event)));
    }

    private static Uni<PaymentDecision> unknown(PaymentEvent event) {
        return Uni.createFrom()
                .item(new PaymentDecision.Reject(
                        new Rejection("unknown_order", "There is no order %s.".formatted(event.orderId()))));
    }

    private Uni<PaymentDecision> decide(OrderEntity order, PaymentEvent event) {
        PaymentDecision decision = PaymentRules.decide(order, event);
        if (decision instanceof PaymentDecision.Reject) {
            return Uni.createFrom().item(decision);
        }
        return Panache.getSession()
                .chain(session -> SessionInbox.receiveOnce(session, CONSUMER, event.eventId()))
                .chain(isNew -> isNew ? apply(order, decision) : nothing());
    }

    private Uni<PaymentDecision> apply(OrderEntity order, PaymentDecision decision) {
        Instant now = clock.instant();
        return switch (decision) {
            case PaymentDecision.Confirm confirm -> {
                order.confirm(confirm.transferId(), now);
                yield journal.statusChanged(order, new OrderEvent.Confirmed(order.id(), confirm.transferId()), now)
                        .replaceWith(decision);
            }
            case PaymentDecision.Cancel cancel -> {
                order.cancel(cancel.reason(), now);
                yield journal.statusChanged(order, new OrderEvent.Cancelled(order.id(), cancel.reason()), now)
                        .replaceWith(decision);
            }
            case PaymentDecision.Refund refund -> noteOnce(order, refund, now);
            case PaymentDecision.Nothing nothing -> nothing();
            case PaymentDecision.Contradiction contradiction -> Uni.createFrom().item(decision);
            case PaymentDecision.Reject reject -> throw new IllegalStateException("A rejection has no effect");
        };
    }

    /** The same transfer may be told of under several event ids; its money came once. */
    private Uni<PaymentDecision> noteOnce(OrderEntity order, PaymentDecision.Refund refund, Instant now) {
        PaymentEvent.Posted payment = refund.payment();
        var key = new RefundEntity.Key(order.id(), payment.transferId());
        return store.isRefundNoted(key).chain(known -> {
            if (known) {
                return nothing();
            }
            order.noteRefund();
            return journal.refundNoted(order, new RefundEntity(key, payment, now))
                    .replaceWith(refund);
        });
    }

    private static Uni<PaymentDecision> nothing() {
        return Uni.createFrom().item(new PaymentDecision.Nothing());
    }

    private void tellAfterCommit(PaymentDecision decision) {
        outbox.wake();
        switch (decision) {
            case PaymentDecision.Confirm confirm -> metrics.recordStatus(OrderStatus.CONFIRMED);
            case PaymentDecision.Cancel cancel -> metrics.recordStatus(OrderStatus.CANCELLED);
            case PaymentDecision.Refund refund -> metrics.recordRefundDue();
            case PaymentDecision.Contradiction contradiction -> metrics.recordContradiction();
            case PaymentDecision.Nothing nothing -> {}
            case PaymentDecision.Reject reject -> {}
        }
    }
}
