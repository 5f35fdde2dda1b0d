package dev.holdfast.product.order;

import java.util.UUID;

/** What payments tells of an order's money. */
sealed interface PaymentEvent {
    /** The CloudEvents id: the same event has the same one, however often it comes. */
    UUID eventId();

    UUID orderId();

    /** The money has moved. */
    record Posted(UUID eventId, UUID orderId, UUID transferId, long amountMinor, String currency)
            implements PaymentEvent {}

    /** It has not and will not. */
    record Refused(UUID eventId, UUID orderId, String reason) implements PaymentEvent {}
}
