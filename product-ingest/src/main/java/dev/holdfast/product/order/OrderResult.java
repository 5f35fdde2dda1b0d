package dev.holdfast.product.order;

import java.util.List;
import java.util.Optional;

/** What became of an attempt to order. */
sealed interface OrderResult {
    record Placed(OrderRepresentation order) implements OrderResult {}

    /** The same was asked before under this key; this is what was answered then. */
    record Exists(OrderRepresentation order) implements OrderResult {}

    /** The key names an order with other content. */
    record KeyTaken(String orderId) implements OrderResult {}

    /** The catalogue says something else by now. */
    record Outdated(List<OrderQuote.Difference> differences) implements OrderResult {}

    /**
     * What became of an attempt to cancel.
     *
     * @param settledBefore the status it had already; empty when the attempt succeeded
     */
    record Cancellation(OrderRepresentation order, Optional<OrderStatus> settledBefore) {}
}
