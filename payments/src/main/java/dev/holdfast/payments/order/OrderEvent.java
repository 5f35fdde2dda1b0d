package dev.holdfast.payments.order;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.holdfast.payments.transfer.Transfer;
import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.inbox.UnusableRecordException;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.StrictJson;
import dev.holdfast.platform.time.Instants;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What {@code order.events} says that concerns money. Fields that we do not know are left alone. */
sealed interface OrderEvent {
    UUID orderId();

    /** Its money is due. */
    record Placed(UUID orderId, String customer, String currency, long totalMinor, Instant dueAt)
            implements OrderEvent {}

    /** Nobody wants its money any more. */
    record Cancelled(UUID orderId) implements OrderEvent {}

    /** Money came that the order does not take; told by this event. */
    record RefundDue(UUID eventId, UUID orderId, UUID transferId) implements OrderEvent {}

    int CUSTOMER_LENGTH_MAX = 255;
    Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    ObjectReader READER =
            StrictJson.readerFor(Payload.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** What the events that concern us have in common. */
    record Payload(
            @Nullable String orderId,
            @Nullable String customer,
            @Nullable String currency,
            @Nullable Long totalMinor,
            @Nullable String dueAt,
            @Nullable String transferId) {}

    /**
     * Empty for what does not concern us.
     *
     * @throws UnusableRecordException for what does, and cannot be read
     */
    static Optional<OrderEvent> parse(ConsumerRecord<byte[], byte[]> message) {
        String type = CloudEvents.type(message);
        if (type == null) {
            throw new UnusableRecordException("not_a_cloudevent", "The header ce_type is missing.");
        }
        return switch (type) {
            case "order.placed" -> Optional.of(placed(payload(message)));
            case "order.cancelled" -> Optional.of(new Cancelled(orderId(payload(message))));
            case "order.refund_due" -> Optional.of(refundDue(message, payload(message)));
            default -> Optional.empty();
        };
    }

    private static Payload payload(ConsumerRecord<byte[], byte[]> message) {
        if (message.value() == null) {
            throw new UnusableRecordException("not_an_object", "There is no payload.");
        }
        try {
            @Nullable Payload payload = READER.readValue(message.value());
            if (payload == null) {
                throw new UnusableRecordException("not_an_object", "The payload is null.");
            }
            return payload;
        } catch (IOException unread) {
            InvalidPart error = StrictJson.explain(unread);
            throw new UnusableRecordException(
                    error.reason(),
                    "%s %s".formatted(error.pointer(), error.detail()).strip());
        }
    }

    private static Placed placed(Payload payload) {
        String customer = payload.customer();
        String currency = payload.currency();
        Long total = payload.totalMinor();
        if (customer == null || customer.isEmpty() || customer.length() > CUSTOMER_LENGTH_MAX) {
            throw new UnusableRecordException("invalid_customer", "/customer must be 1 to 255 characters.");
        } else if (currency == null || !CURRENCY.matcher(currency).matches()) {
            throw new UnusableRecordException("invalid_currency", "/currency must be an ISO 4217 code.");
        } else if (total == null || total < 0 || total > Transfer.AMOUNT_MAX) {
            throw new UnusableRecordException(
                    "invalid_total", "/totalMinor must be 0 to %d.".formatted(Transfer.AMOUNT_MAX));
        }
        return new Placed(orderId(payload), customer, currency, total, dueAt(payload.dueAt()));
    }

    private static RefundDue refundDue(ConsumerRecord<byte[], byte[]> message, Payload payload) {
        return new RefundDue(
                CloudEvents.id(message)
                        .orElseThrow(() ->
                                new UnusableRecordException("invalid_event_id", "The header ce_id must be a UUID.")),
                orderId(payload),
                CloudEvents.uuid(payload.transferId())
                        .orElseThrow(() ->
                                new UnusableRecordException("invalid_transfer_id", "/transferId must be a UUID.")));
    }

    private static UUID orderId(Payload payload) {
        return CloudEvents.uuid(payload.orderId())
                .orElseThrow(() -> new UnusableRecordException("invalid_order_id", "/orderId must be a UUID."));
    }

    private static Instant dueAt(@Nullable String text) {
        try {
            return Instants.parse(String.valueOf(text));
        } catch (DateTimeException unreadable) {
            throw new UnusableRecordException("invalid_due_at", "/dueAt must be an instant.");
        }
    }
}
