package dev.holdfast.platform.event;

import dev.holdfast.platform.time.Instants;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver asks of a record in the binary mode of CloudEvents 1.0
 * (<a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka binding</a>).
 */
public final class CloudEvents {
    private CloudEvents() {}

    /** Null for a record that is none. */
    public static @Nullable String type(ConsumerRecord<?, ?> message) {
        return header(message, "ce_type");
    }

    /** Empty when it is missing, or not a UUID as ours are. */
    public static Optional<UUID> id(ConsumerRecord<?, ?> message) {
        return uuid(header(message, "ce_id"));
    }

    public static @Nullable String subject(ConsumerRecord<?, ?> message) {
        return header(message, "ce_subject");
    }

    /** When what it tells of happened; empty when it is missing, or no time. */
    public static Optional<Instant> time(ConsumerRecord<?, ?> message) {
        String text = header(message, "ce_time");
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instants.parse(text));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /** In the one form that everyone writes; {@link UUID#fromString} takes others, too. */
    public static Optional<UUID> uuid(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text))
                    .filter(parsed -> parsed.toString().equalsIgnoreCase(text));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static @Nullable String header(ConsumerRecord<?, ?> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
