package dev.holdfast.product.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An order in a list. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderSummary(
        UUID id,
        String customer,

        @Schema(enumeration = {"placed", "confirmed", "cancelled"})
        String status,

        @Nullable String cancelReason,
        OrderAmount total,
        Instant placedAt,
        Instant dueAt,
        @Nullable Instant settledAt) {

    static OrderSummary of(OrderEntity order) {
        return new OrderSummary(
                order.id(),
                order.customer(),
                order.status().word(),
                order.cancelReason(),
                new OrderAmount(order.totalMinor(), order.currency()),
                order.placedAt(),
                order.dueAt(),
                order.settledAt());
    }
}
