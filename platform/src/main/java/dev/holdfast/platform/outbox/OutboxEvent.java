package dev.holdfast.platform.outbox;

import dev.holdfast.platform.event.Traces;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change of one aggregate, to be told once its transaction has committed.
 *
 * @param eventId the CloudEvents id; receivers may use it to drop duplicates
 * @param topic where it goes
 * @param type a stored string such as {@code product.changed}, never a class name
 * @param aggregateId the Kafka key, and the unit of order
 * @param aggregateVersion dense per aggregate, beginning with 1; the aggregate's row is locked before it is given
 * @param payload JSON
 * @param traceparent the trace that caused the change
 */
public record OutboxEvent(
        UUID eventId,
        String topic,
        String type,
        String aggregateId,
        long aggregateVersion,
        Instant occurredAt,
        String payload,
        @Nullable String traceparent) {

    /** An event of the current trace. */
    public static OutboxEvent of(
            UUID eventId,
            String topic,
            String type,
            String aggregateId,
            long aggregateVersion,
            Instant occurredAt,
            String payload) {
        return new OutboxEvent(
                eventId, topic, type, aggregateId, aggregateVersion, occurredAt, payload, Traces.current());
    }
}
