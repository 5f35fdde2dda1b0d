package dev.holdfast.local.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What was told of one product, read from {@code product.events}. */
final class ProductLife {
    private static final String TOPIC = "product.events";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private ProductLife() {}

    /**
     * @param version of the product, as its events count it
     * @param payload what was told
     */
    record Event(Instant at, String type, long version, String payload) {}

    /**
     * Reads the topic from this moment on until it tells of the vendor's newest version: events follow their change
     * within milliseconds, and a feed that is still being told of within seconds.
     *
     * @throws IllegalStateException when they do not
     */
    static List<Event> of(String productId, Instant since, long newestVersion, String bootstrapServers) {
        String newest = "\"version\":" + newestVersion + ",";
        Instant deadline = Instant.now().plus(PATIENCE);
        var events = new ArrayList<Event>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            consumer.offsetsForTimes(partitions.stream()
                            .collect(Collectors.toMap(partition -> partition, partition -> since.toEpochMilli())))
                    .forEach((partition, found) -> {
                        if (found != null) {
                            consumer.seek(partition, found.offset());
                        }
                    });
            while (events.isEmpty() || !events.getLast().payload().contains(newest)) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("Version %d of %s is not told on %s after %s: see make logs"
                            .formatted(newestVersion, productId, TOPIC, PATIENCE));
                }
                for (ConsumerRecord<String, String> message : consumer.poll(POLL)) {
                    if (message.key().equals(productId)) {
                        events.add(toEvent(message));
                    }
                }
            }
        }
        return events;
    }

    private static Event toEvent(ConsumerRecord<String, String> message) {
        return new Event(
                Instant.parse(header(message, "ce_time")),
                header(message, "ce_type"),
                Long.parseLong(header(message, "ce_aggregateversion")),
                message.value());
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
