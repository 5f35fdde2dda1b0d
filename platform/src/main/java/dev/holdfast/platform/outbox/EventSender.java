package dev.holdfast.platform.outbox;

import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.outbox.Delivery.Refusal;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Sends a claim in its order, pipelined, and finds out what became of each event.
 *
 * <p>After a refusal or an interruption nothing more of that aggregate is sent. What was in flight by then may have
 * reached the topic; it is not counted as acknowledged and goes out again behind the missing one.
 */
final class EventSender {
    private static final String AGGREGATE_VERSION = "aggregateversion";

    private final Producer<String, byte[]> producer;
    private final URI source;

    EventSender(Producer<String, byte[]> producer, URI source) {
        this.producer = producer;
        this.source = source;
    }

    /** Blocks until Kafka has answered for each event that was handed to it. */
    Delivery send(List<ClaimedEvent> claim) {
        var pending = new ArrayList<Pending>(claim.size());
        Set<String> stopped = new HashSet<>();
        for (ClaimedEvent claimed : claim) {
            if (stopped.contains(claimed.event().aggregateId())) {
                continue;
            }
            Future<RecordMetadata> answer = producer.send(toRecord(claimed.event()));
            pending.add(new Pending(claimed, answer));
            if (answer.state() == Future.State.FAILED) {
                if (!isRefusal(answer.exceptionNow())) {
                    break;
                }
                stopped.add(claimed.event().aggregateId());
            }
        }
        producer.flush();
        return settle(pending);
    }

    private record Pending(ClaimedEvent claimed, Future<RecordMetadata> answer) {}

    private static Delivery settle(List<Pending> sent) {
        var acknowledged = new ArrayList<Long>(sent.size());
        var refused = new ArrayList<Refusal>();
        Optional<Throwable> interruption = Optional.empty();
        Set<String> broken = new HashSet<>();
        for (Pending pending : sent) {
            OutboxEvent event = pending.claimed().event();
            if (broken.contains(event.aggregateId())) {
                continue;
            }
            if (pending.answer().state() == Future.State.SUCCESS) {
                acknowledged.add(pending.claimed().id());
                continue;
            }
            broken.add(event.aggregateId());
            Throwable failure = pending.answer().exceptionNow();
            if (isRefusal(failure)) {
                refused.add(new Refusal(event, failure.toString()));
            } else if (interruption.isEmpty()) {
                interruption = Optional.of(failure);
            }
        }
        return new Delivery(acknowledged, refused, interruption);
    }

    /** True when sending the same bytes again can only fail again. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof InvalidRecordException
                || failure instanceof InvalidTimestampException
                || failure instanceof CorruptRecordException
                || failure instanceof SerializationException;
    }

    private ProducerRecord<String, byte[]> toRecord(OutboxEvent event) {
        CloudEvent cloudEvent = CloudEventBuilder.v1()
                .withId(event.eventId().toString())
                .withSource(source)
                .withType(event.type())
                .withSubject(event.aggregateId())
                .withTime(event.occurredAt().atOffset(ZoneOffset.UTC))
                .withDataContentType("application/json")
                .withExtension(AGGREGATE_VERSION, event.aggregateVersion())
                .withData(event.payload().getBytes(StandardCharsets.UTF_8))
                .build();
        ProducerRecord<String, byte[]> producerRecord = KafkaMessageFactory.<String>createWriter(
                        event.topic(), event.aggregateId())
                .writeBinary(cloudEvent);
        if (event.traceparent() != null) {
            producerRecord.headers().add(Traces.TRACEPARENT, event.traceparent().getBytes(StandardCharsets.US_ASCII));
        }
        return producerRecord;
    }
}
