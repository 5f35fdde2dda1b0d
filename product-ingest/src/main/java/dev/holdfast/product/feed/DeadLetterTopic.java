package dev.holdfast.product.feed;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Copies of what cannot be read at all, for people and tools that look at topics. The quarantine has it too; a copy is
 * sent before the batch is applied, so after a crash it can be there twice.
 */
@ApplicationScoped
class DeadLetterTopic {
    static final String CHANNEL = "vendor-products-dlq";

    private final MutinyEmitter<byte[]> emitter;

    DeadLetterTopic(@Channel(CHANNEL) MutinyEmitter<byte[]> emitter) {
        this.emitter = emitter;
    }

    /** Completes when the broker has those of the batch; what is read again has been sent. */
    Uni<Void> keep(FeedBatch batch) {
        if (!batch.metered()) {
            return Uni.createFrom().voidItem();
        }
        TopicPartition partition = batch.origin().orElseThrow();
        return Multi.createFrom()
                .iterable(batch.messages())
                .filter(message -> message.parsed() instanceof Rejection rejection && rejection.isUnreadable())
                .onItem()
                .transformToUniAndConcatenate(
                        message -> emitter.sendMessage(letter(partition, message, (Rejection) message.parsed())))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static Message<byte[]> letter(TopicPartition partition, FeedMessage message, Rejection rejection) {
        var headers = new RecordHeaders();
        headers.add("reason", utf8(rejection.reason()));
        headers.add("detail", utf8(rejection.detail()));
        headers.add("original-topic", utf8(partition.topic()));
        headers.add("original-partition", utf8(String.valueOf(partition.partition())));
        headers.add("original-offset", utf8(String.valueOf(message.offset())));
        return Message.of(message.raw().getBytes())
                .addMetadata(OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withKey(message.key() == null ? null : message.key().getBytes())
                        .withHeaders(headers)
                        .build());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
