package dev.holdfast.product.order;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** That an order took a status, when, and why. */
@Entity
@Table(name = "order_status_change")
@Immutable
class StatusChangeEntity {
    @EmbeddedId
    Key key;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = OrderEntity.TEXT)
    private OrderStatus status;

    @Column(columnDefinition = OrderEntity.TEXT)
    private @Nullable String reason;

    private Instant changedAt;

    @Embeddable
    record Key(UUID orderId, long orderVersion) {}

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    StatusChangeEntity() {}

    /** The status that the order has now, under its current version. */
    StatusChangeEntity(OrderEntity order, Instant changedAt) {
        this.key = new Key(order.id(), order.version());
        this.status = order.status();
        this.reason = order.cancelReason();
        this.changedAt = changedAt;
    }

    OrderStatus status() {
        return status;
    }

    @Nullable String reason() {
        return reason;
    }

    Instant changedAt() {
        return changedAt;
    }
}
