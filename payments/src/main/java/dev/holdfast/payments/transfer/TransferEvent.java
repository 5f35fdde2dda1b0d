package dev.holdfast.payments.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.platform.outbox.OutboxEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What others are told on {@code payment.events}, once per transfer, under the transfer's id; the contract is in the README.
 *
 * @param of the hold or transfer that it is about
 * @param reason why it was refused; one of {@link Reason#word}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TransferEvent(
        UUID transferId,
        String kind,
        @Nullable UUID of,
        @Nullable Long debitAccount,
        @Nullable Long creditAccount,
        @Nullable Long amountMinor,
        @Nullable String currency,
        @Nullable String effectiveAt,
        @Nullable String expiresAt,
        @Nullable String reference,
        @Nullable String reason) {
    private static final ObjectWriter JSON = new JsonMapper().writerFor(TransferEvent.class);

    /** The type of an event for what happened now. */
    static String type(RecordedTransfer transfer) {
        return "transfer." + (transfer.refusal() == null ? transfer.kind().deed() : "refused");
    }

    static OutboxEvent of(RecordedTransfer transfer, String topic, @Nullable String traceparent) {
        return new OutboxEvent(
                transfer.id(),
                topic,
                type(transfer),
                transfer.id().toString(),
                1,
                transfer.recordedAt(),
                json(new TransferEvent(
                        transfer.id(),
                        transfer.kind().word(),
                        transfer.of(),
                        transfer.debitAccount(),
                        transfer.creditAccount(),
                        transfer.amountMinor(),
                        transfer.currency(),
                        text(transfer.effectiveAt()),
                        text(transfer.expiresAt()),
                        transfer.reference(),
                        transfer.refusal() == null
                                ? null
                                : transfer.refusal().reason().word())),
                traceparent);
    }

    /** Of a plain transfer that is about to be posted. */
    static String payload(Transfer plain) {
        return json(new TransferEvent(
                plain.id(),
                plain.kind().word(),
                null,
                plain.debitAccount(),
                plain.creditAccount(),
                plain.amountMinor(),
                plain.currency(),
                null,
                null,
                plain.reference(),
                null));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static String json(TransferEvent event) {
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A record of texts and numbers is JSON", impossible);
        }
    }
}
