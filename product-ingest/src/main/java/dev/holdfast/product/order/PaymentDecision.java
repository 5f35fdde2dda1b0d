package dev.holdfast.product.order;

import java.util.UUID;

/** What a payment's news does to an order. */
sealed interface PaymentDecision {
    record Confirm(UUID transferId) implements PaymentDecision {}

    record Cancel(String reason) implements PaymentDecision {}

    /** The order does not take this money: it must go back. */
    record Refund(PaymentEvent.Posted payment) implements PaymentDecision {}

    /** It is so already. */
    record Nothing() implements PaymentDecision {}

    /** A refusal of what was paid: one of the two is wrong, and the money is what counts. */
    record Contradiction(UUID orderId) implements PaymentDecision {}

    /** Not to be used as it is; people must look. */
    record Reject(Rejection rejection) implements PaymentDecision {}

    /**
     * @param reason a stable word
     * @param detail for people
     */
    record Rejection(String reason, String detail) {}
}
