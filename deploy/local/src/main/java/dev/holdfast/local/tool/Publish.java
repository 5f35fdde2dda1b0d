package dev.holdfast.local.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends a {@link FeedFile} to a topic: all of it or, when a line is malformed, nothing. The producer is idempotent and waits for
 * {@code acks=all}, so a line is there exactly once when this ends well; when sending fails in the middle, part of it is there.
 */
final class Publish {

    private static final long TIMEOUT_S = 10;
    private static final int TIMEOUT_MS = 10_000;
    private static final String DEFAULT_PORT = "19092";

    private final String bootstrapServers;

    Publish(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> environment = System.getenv();
        String port = environment.getOrDefault("KAFKA_PORT", DEFAULT_PORT);
        try {
            String topic = required(environment, "TOPIC");
            Path file = Path.of(required(environment, "FILE"));
            SortedMap<Integer, Long> sent = new Publish("localhost:" + port).send(topic, new FeedFile(file));
            long total = sent.values().stream().mapToLong(Long::longValue).sum();
            System.out.printf("%d sent to %s%n", total, topic);
            sent.forEach((partition, count) -> System.out.printf("  partition %d: %d%n", partition, count));
        } catch (BadInputException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new BadInputException(
                    name + " is missing. For example: make publish TOPIC=vendor.products FILE=feed.tsv");
        }
        return value.strip();
    }

    /**
     * Returns how many were sent to each partition.
     *
     * @throws BadInputException when the file, the topic or the broker is not as it must be
     */
    SortedMap<Integer, Long> send(String topic, FeedFile file) throws IOException {
        file.check();
        refuseUnknownTopic(topic);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers, "acks", "all", "enable.idempotence", true, "linger.ms", 5);
        SortedMap<Integer, Long> sent = new ConcurrentSkipListMap<>();
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        try (Producer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            file.forEach((key, value) -> {
                // the callback counts; close() waits for all of them
                var _ = producer.send(new ProducerRecord<>(topic, key, value), (metadata, e) -> {
                    if (e == null) {
                        sent.merge(metadata.partition(), 1L, Long::sum);
                    } else {
                        failures.add(e);
                    }
                });
            });
        }
        if (!failures.isEmpty()) {
            throw new BadInputException("%d lines were not sent, the first because: %s%nPer partition were sent: %s"
                    .formatted(failures.size(), failures.element().getMessage(), sent));
        }
        return sent;
    }

    private void refuseUnknownTopic(String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "request.timeout.ms", TIMEOUT_MS,
                "default.api.timeout.ms", TIMEOUT_MS);
        try (Admin admin = Admin.create(settings)) {
            var topics = admin.listTopics().names().get(TIMEOUT_S, TimeUnit.SECONDS);
            if (!topics.contains(topic)) {
                throw new BadInputException("There is no topic '%s'. There is: %s"
                        .formatted(
                                topic,
                                String.join(", ", topics.stream().sorted().toList())));
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new BadInputException(
                    "Kafka does not answer at %s. Is the cluster up (make status), on that port (KAFKA_PORT)?"
                            .formatted(bootstrapServers));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInputException("Interrupted; nothing was sent.");
        }
    }
}
