package dev.holdfast.product.order;

import dev.holdfast.product.order.PaymentDecision.Cancel;
import dev.holdfast.product.order.PaymentDecision.Confirm;
import dev.holdfast.product.order.PaymentDecision.Contradiction;
import dev.holdfast.product.order.PaymentDecision.Nothing;
import dev.holdfast.product.order.PaymentDecision.Refund;
import dev.holdfast.product.order.PaymentDecision.Reject;
import dev.holdfast.product.order.PaymentDecision.Rejection;

/** What a payment does to an order, in whatever order the two learn of each other's fate. */
final class PaymentRules {
    private PaymentRules() {}

    static PaymentDecision decide(OrderEntity order, PaymentEvent event) {
        return switch (event) {
            case PaymentEvent.Posted posted -> decide(order, posted);
            case PaymentEvent.Refused refused ->
                switch (order.status()) {
                    case PLACED -> new Cancel(refused.reason());
                    case CONFIRMED -> new Contradiction(order.id());
                    case CANCELLED -> new Nothing();
                };
        };
    }

    private static PaymentDecision decide(OrderEntity order, PaymentEvent.Posted posted) {
        if (posted.amountMinor() != order.totalMinor() || !posted.currency().equals(order.currency())) {
            return new Reject(new Rejection(
                    "amount_mismatch",
                    "Transfer %s moved %d %s, but order %s costs %d %s (minor units)."
                            .formatted(
                                    posted.transferId(),
                                    posted.amountMinor(),
                                    posted.currency(),
                                    order.id(),
                                    order.totalMinor(),
                                    order.currency())));
        }
        return switch (order.status()) {
            case PLACED -> new Confirm(posted.transferId());
            case CONFIRMED -> posted.transferId().equals(order.transferId()) ? new Nothing() : new Refund(posted);
            case CANCELLED -> new Refund(posted);
        };
    }
}
