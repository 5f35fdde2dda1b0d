package dev.holdfast.product.order;

import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.SessionTransactions;
import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Cancels orders that waited too long for their payment. Any number of instances may sweep at once: each takes the rows
 * that no other holds, and a row that a payment holds right now is left to the payment.
 */
@Singleton
class OrderTimeouts {
    static final String REASON = "payment_timeout";

    private final SessionTransactions transactions;
    private final OrderStore store;
    private final OrderJournal journal;
    private final OrderMetrics metrics;
    private final Outbox outbox;
    private final Clock clock;
    private final ProductConfig config;

    OrderTimeouts(
            SessionTransactions transactions,
            OrderStore store,
            OrderJournal journal,
            OrderMetrics metrics,
            Outbox outbox,
            Clock clock,
            ProductConfig config) {
        this.transactions = transactions;
        this.store = store;
        this.journal = journal;
        this.metrics = metrics;
        this.outbox = outbox;
        this.clock = OrderStore.inItsPrecision(clock);
        this.config = config;
    }

    /** Cancels what is overdue by now, batch by batch, and tells how many it was. */
    Uni<Integer> sweep() {
        return sweep(clock.instant(), 0);
    }

    private Uni<Integer> sweep(Instant now, int before) {
        int batchSize = config.order().sweepBatchSize();
        return transactions
                .inTransaction(() -> store.overdue(now, batchSize).call(overdue -> cancelAll(overdue, now)))
                .map(List::size)
                .invoke(cancelled -> {
                    metrics.recordTimedOut(cancelled);
                    if (cancelled > 0) {
                        outbox.wake();
                    }
                })
                .chain(cancelled -> cancelled < batchSize
                        ? Uni.createFrom().item(before + cancelled)
                        : sweep(now, before + cancelled));
    }

    private Uni<Void> cancelAll(List<OrderEntity> overdue, Instant now) {
        return Multi.createFrom()
                .iterable(overdue)
                .onItem()
                .transformToUniAndConcatenate(order -> {
                    order.cancel(REASON, now);
                    return journal.statusChanged(order, new OrderEvent.Cancelled(order.id(), REASON), now);
                })
                .collect()
                .last()
                .replaceWithVoid();
    }
}
