package dev.holdfast.product.order;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.StrictJson;
import dev.holdfast.product.order.PaymentDecision.Rejection;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of {@code payment.events}, in the binary mode of CloudEvents, to {@link PaymentEvent}s. Fields that we do not
 * know are left alone: the sender may say more one day. What we do know must be right.
 */
final class PaymentParser {
    /** Larger payloads are refused unread, in bytes. */
    static final int PAYLOAD_BYTES_MAX = 64 * 1024;

    private static final String POSTED = "transfer.posted";
    private static final String REFUSED = "transfer.refused";
    private static final String REFERENCE = "order:";
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern REASON = Pattern.compile("\\P{Cntrl}{1,200}");
    private static final ObjectReader READER =
            StrictJson.readerFor(Payload.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private PaymentParser() {}

    /** What a record is to orders. */
    sealed interface Parsed {
        record Event(PaymentEvent event) implements Parsed {}

        /** Of another kind, or about money that pays no order. */
        record NotOurs() implements Parsed {}

        record Unreadable(Rejection rejection) implements Parsed {}
    }

    private record Payload(
            @Nullable String reference,
            @Nullable Long amountMinor,
            @Nullable String currency,
            @Nullable String transferId,
            @Nullable String reason) {}

    static Parsed parse(ConsumerRecord<byte[], byte[]> message) {
        String type = CloudEvents.type(message);
        if (type == null) {
            return unreadable("not_a_cloudevent", "The header ce_type is missing.");
        }
        if (!type.equals(POSTED) && !type.equals(REFUSED)) {
            return new Parsed.NotOurs();
        }
        Optional<UUID> eventId = CloudEvents.id(message);
        if (eventId.isEmpty()) {
            return unreadable("invalid_event_id", "The header ce_id must be a UUID.");
        }
        byte[] bytes = message.value();
        if (bytes == null || bytes.length > PAYLOAD_BYTES_MAX) {
            return unreadable(
                    "invalid_size",
                    "The payload has %d bytes; 1 to %d are expected."
                            .formatted(bytes == null ? 0 : bytes.length, PAYLOAD_BYTES_MAX));
        }
        try {
            Payload payload = READER.readValue(bytes);
            return payload == null
                    ? unreadable("not_an_object", "The payload is null.")
                    : parse(type, eventId.get(), payload);
        } catch (IOException unread) {
            InvalidPart error = StrictJson.explain(unread);
            return unreadable(
                    error.reason(),
                    "%s %s".formatted(error.pointer(), error.detail()).strip());
        }
    }

    private static Parsed parse(String type, UUID eventId, Payload payload) {
        String reference = payload.reference();
        if (reference == null || !reference.startsWith(REFERENCE)) {
            return new Parsed.NotOurs();
        }
        Optional<UUID> orderId = CloudEvents.uuid(reference.substring(REFERENCE.length()));
        if (orderId.isEmpty()) {
            return unreadable("invalid_reference", "/reference must be order:<uuid>.");
        }
        return type.equals(POSTED) ? posted(eventId, orderId.get(), payload) : refused(eventId, orderId.get(), payload);
    }

    private static Parsed posted(UUID eventId, UUID orderId, Payload payload) {
        Optional<UUID> transferId = CloudEvents.uuid(payload.transferId());
        if (transferId.isEmpty()) {
            return unreadable("invalid_transfer_id", "/transferId must be a UUID.");
        }
        Long amountMinor = payload.amountMinor();
        if (amountMinor == null || amountMinor < 0) {
            return unreadable("invalid_amount", "/amountMinor must be a whole number that is not negative.");
        }
        String currency = payload.currency();
        if (currency == null || !CURRENCY.matcher(currency).matches()) {
            return unreadable("invalid_currency", "/currency must be an ISO 4217 code.");
        }
        return new Parsed.Event(new PaymentEvent.Posted(eventId, orderId, transferId.get(), amountMinor, currency));
    }

    private static Parsed refused(UUID eventId, UUID orderId, Payload payload) {
        String reason = payload.reason();
        return reason == null || !REASON.matcher(reason).matches()
                ? unreadable("invalid_reason", "/reason must be 1 to 200 characters without control characters.")
                : new Parsed.Event(new PaymentEvent.Refused(eventId, orderId, reason));
    }

    private static Parsed unreadable(String reason, String detail) {
        return new Parsed.Unreadable(new Rejection(reason, detail));
    }
}
