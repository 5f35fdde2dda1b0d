package dev.holdfast.product.order;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What others are told on {@code order.events}; the contract is in the README. */
sealed interface OrderEvent {
    /** The CloudEvents type. */
    @JsonIgnore
    String type();

    record Placed(UUID orderId, String customer, String currency, long totalMinor, List<Line> lines, Instant dueAt)
            implements OrderEvent {
        @Override
        public String type() {
            return "order.placed";
        }

        static Placed of(OrderEntity order) {
            return new Placed(
                    order.id(),
                    order.customer(),
                    order.currency(),
                    order.totalMinor(),
                    order.lines().stream().map(Line::of).toList(),
                    order.dueAt());
        }
    }

    record Line(String productId, long productVersion, String name, long unitPriceMinor, int quantity) {
        static Line of(OrderLine line) {
            return new Line(
                    line.product().toString(),
                    line.productVersion(),
                    line.name(),
                    line.unitPriceMinor(),
                    line.quantity());
        }
    }

    record Confirmed(UUID orderId, UUID transferId) implements OrderEvent {
        @Override
        public String type() {
            return "order.confirmed";
        }
    }

    record Cancelled(UUID orderId, String reason) implements OrderEvent {
        @Override
        public String type() {
            return "order.cancelled";
        }
    }

    record RefundDue(UUID orderId, UUID transferId, long amountMinor, String currency) implements OrderEvent {
        @Override
        public String type() {
            return "order.refund_due";
        }
    }
}
