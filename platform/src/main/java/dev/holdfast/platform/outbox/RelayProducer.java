package dev.holdfast.platform.outbox;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The producer that an {@link OutboxRelay} needs. */
public final class RelayProducer {
    private RelayProducer() {}

    /**
     * Makes a producer that never lets a later event of an aggregate overtake an earlier one.
     *
     * @param connection {@code bootstrap.servers} and whatever security the cluster asks for
     */
    public static Producer<String, byte[]> create(Map<String, Object> connection) {
        var settings = new HashMap<>(connection);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // With more, a batch that a new partition refuses can be overtaken by the next one (KAFKA-15591), and is then
        // refused for ever. Order is worth more than the few requests that could be under way side by side.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        // A batch that expires lets a later one of the same aggregate overtake it, so none does.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // Must stay below max.message.bytes of every topic: a batch that the broker finds too large is split into
        // batches of this size, again and again when that is no smaller (Sender.completeBatch in Kafka 4.1).
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
        // Not compressed: for the few events of a quiet moment that costs the broker and us more than sending them. A
        // topic that is kept for long can ask for it by its own compression.type.
        // Without metadata, send() blocks its caller: the relay's own thread, and not for long.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
}
