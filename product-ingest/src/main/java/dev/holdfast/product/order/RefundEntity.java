package dev.holdfast.product.order;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A payment that came for an order that does not take it. */
@Entity
@Table(name = "order_refund")
@Immutable
class RefundEntity {
    @EmbeddedId
    private Key key;

    private long amountMinor;

    @Column(columnDefinition = OrderEntity.TEXT)
    private String currency;

    private Instant notedAt;

    @Embeddable
    record Key(UUID orderId, UUID transferId) {}

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    RefundEntity() {}

    RefundEntity(Key key, PaymentEvent.Posted payment, Instant notedAt) {
        this.key = key;
        this.amountMinor = payment.amountMinor();
        this.currency = payment.currency();
        this.notedAt = notedAt;
    }

    OrderEvent.RefundDue toEvent() {
        return new OrderEvent.RefundDue(key.orderId(), key.transferId(), amountMinor, currency);
    }

    Instant notedAt() {
        return notedAt;
    }
}
