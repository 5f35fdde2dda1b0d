package dev.holdfast.product.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An order as its customer sees it: with names and prices as they were, and what became of it.
 *
 * @param refundsDue payments that came for it and must go back
 */
@Schema(name = "Order")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderRepresentation(
        UUID id,
        String customer,

        @Schema(enumeration = {"placed", "confirmed", "cancelled"})
        String status,

        @Nullable @Schema(
                description = "As given by whoever cancelled, payment_timeout, or why the payment was refused",
                examples = "payment_timeout")
        String cancelReason,

        OrderAmount total,
        Instant placedAt,

        @Schema(description = "An order that is still placed by then is cancelled")
        Instant dueAt,

        @Nullable Instant settledAt,
        int refundsDue,
        List<Line> lines,
        List<StatusChange> history) {

    /** A product as it was. */
    @Schema(name = "OrderLine")
    public record Line(
            @Schema(examples = "acme:DRILL-18V") String productId,

            @Schema(description = "The product's version in product.events", examples = "3")
            long productVersion,

            @Schema(examples = "Cordless drill 18 V") String name,
            OrderAmount unitPrice,
            @Schema(examples = "2") int quantity) {}

    /** A step of the order's life. */
    @Schema(name = "OrderStatusChange")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StatusChange(String status, @Nullable String reason, Instant at) {}

    static OrderRepresentation of(OrderEntity order, List<StatusChangeEntity> history) {
        return new OrderRepresentation(
                order.id(),
                order.customer(),
                order.status().word(),
                order.cancelReason(),
                total(order),
                order.placedAt(),
                order.dueAt(),
                order.settledAt(),
                order.refunds(),
                lines(order),
                history.stream()
                        .map(change -> new StatusChange(change.status().word(), change.reason(), change.changedAt()))
                        .toList());
    }

    /** As it was on the first day, whatever became of it: the answer to whoever placed it, however often. */
    static OrderRepresentation asPlaced(OrderEntity order) {
        String placed = OrderStatus.PLACED.word();
        return new OrderRepresentation(
                order.id(),
                order.customer(),
                placed,
                null,
                total(order),
                order.placedAt(),
                order.dueAt(),
                null,
                0,
                lines(order),
                List.of(new StatusChange(placed, null, order.placedAt())));
    }

    private static OrderAmount total(OrderEntity order) {
        return new OrderAmount(order.totalMinor(), order.currency());
    }

    private static List<Line> lines(OrderEntity order) {
        return order.lines().stream()
                .map(line -> new Line(
                        line.product().toString(),
                        line.productVersion(),
                        line.name(),
                        new OrderAmount(line.unitPriceMinor(), order.currency()),
                        line.quantity()))
                .toList();
    }
}
