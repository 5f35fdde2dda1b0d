package dev.holdfast.product.order;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.ListIndexBase;
import org.jspecify.annotations.Nullable;

/**
 * An order. What was agreed never changes; what becomes of it changes by {@link #confirm}, {@link #cancel} and {@link
 * #noteRefund} alone, on a row that the caller has locked. Each of them is one more version.
 */
@Entity
@Table(name = "orders")
class OrderEntity {
    static final String CONSTRAINT_KEY_NAMES_ONE_ORDER = "orders_key_names_one_order";

    /** The type of all texts, so that the schema can be compared with this class. */
    static final String TEXT = "text";

    @Id
    private UUID id;

    @Column(updatable = false, columnDefinition = TEXT)
    private String customer;

    @Column(updatable = false, columnDefinition = TEXT)
    private String idempotencyKey;

    @Column(updatable = false)
    private byte[] requestFingerprint;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = TEXT)
    private OrderStatus status;

    @Column(columnDefinition = TEXT)
    private @Nullable String cancelReason;

    @Column(updatable = false, columnDefinition = TEXT)
    private String currency;

    @Column(updatable = false)
    private long totalMinor;

    /** Begins with 1, because events are numbered by it. */
    @Version
    private long version = 1;

    @Column(updatable = false)
    private Instant placedAt;

    @Column(updatable = false)
    private Instant dueAt;

    private @Nullable Instant settledAt;

    private @Nullable UUID transferId;

    private int refunds;

    @ElementCollection
    @CollectionTable(name = "order_line", joinColumns = @JoinColumn(name = "order_id"))
    @OrderColumn(name = "line_no", updatable = false)
    @ListIndexBase(1)
    private List<OrderLine> lines;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    OrderEntity() {}

    OrderEntity(
            UUID id,
            String customer,
            String idempotencyKey,
            byte[] requestFingerprint,
            OrderQuote.Priced quote,
            Instant placedAt,
            Duration paymentTimeout) {
        this.id = id;
        this.customer = customer;
        this.idempotencyKey = idempotencyKey;
        this.requestFingerprint = requestFingerprint.clone();
        this.status = OrderStatus.PLACED;
        this.currency = quote.currency();
        this.totalMinor = quote.totalMinor();
        this.placedAt = placedAt;
        this.dueAt = placedAt.plus(paymentTimeout);
        this.lines = new ArrayList<>(quote.lines());
    }

    void confirm(UUID byTransfer, Instant now) {
        settle(OrderStatus.CONFIRMED, now);
        transferId = byTransfer;
    }

    void cancel(String reason, Instant now) {
        settle(OrderStatus.CANCELLED, now);
        cancelReason = reason;
    }

    private void settle(OrderStatus to, Instant now) {
        if (status != OrderStatus.PLACED) {
            throw new IllegalStateException("Order %s is %s already".formatted(id, status.word()));
        }
        status = to;
        settledAt = now;
    }

    /** Money came that must go back. */
    void noteRefund() {
        refunds++;
    }

    UUID id() {
        return id;
    }

    String customer() {
        return customer;
    }

    byte[] requestFingerprint() {
        return requestFingerprint.clone();
    }

    OrderStatus status() {
        return status;
    }

    @Nullable String cancelReason() {
        return cancelReason;
    }

    String currency() {
        return currency;
    }

    long totalMinor() {
        return totalMinor;
    }

    long version() {
        return version;
    }

    Instant placedAt() {
        return placedAt;
    }

    Instant dueAt() {
        return dueAt;
    }

    @Nullable Instant settledAt() {
        return settledAt;
    }

    @Nullable UUID transferId() {
        return transferId;
    }

    int refunds() {
        return refunds;
    }

    /** To be asked of an order that was read with its lines. */
    List<OrderLine> lines() {
        return List.copyOf(lines);
    }
}
