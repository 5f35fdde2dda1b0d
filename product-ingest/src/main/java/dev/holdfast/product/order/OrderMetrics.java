package dev.holdfast.product.order;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** What people watch of orders. Counted after the commit. */
@Singleton
class OrderMetrics {
    private final MeterRegistry meters;
    private final Counter timedOut;
    private final Counter refundsDue;
    private final Counter contradictions;

    OrderMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (OrderStatus status : OrderStatus.values()) {
            orders(status);
        }
        timedOut = Counter.builder("holdfast.orders.timed.out")
                .description("Orders cancelled because no payment came in time")
                .register(meters);
        refundsDue = Counter.builder("holdfast.orders.refunds.due")
                .description("Payments that came for an order that does not take them")
                .register(meters);
        contradictions = Counter.builder("holdfast.orders.payments.contradictory")
                .description("Refusals of payments that had been posted before; ignored, and a warning")
                .register(meters);
    }

    private Counter orders(OrderStatus status) {
        return Counter.builder("holdfast.orders")
                .description("Orders that took this status")
                .tag("status", status.word())
                .register(meters);
    }

    void recordStatus(OrderStatus status) {
        orders(status).increment();
    }

    void recordTimedOut(int count) {
        orders(OrderStatus.CANCELLED).increment(count);
        timedOut.increment(count);
    }

    void recordRefundDue() {
        refundsDue.increment();
    }

    void recordContradiction() {
        contradictions.increment();
    }
}
