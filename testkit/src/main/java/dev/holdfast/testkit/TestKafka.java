package dev.holdfast.testkit;

import dev.holdfast.local.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The run's broker, as a test uses it. */
public final class TestKafka {
    private final String bootstrapServers;

    public TestKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Where the broker keeps everything; on this machine alone when it is embedded. */
    public Set<Path> logDirectories() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<Integer> brokers =
                    admin.describeCluster().nodes().get().stream().map(Node::id).toList();
            return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                    .flatMap(directories -> directories.keySet().stream())
                    .map(Path::of)
                    .collect(Collectors.toSet());
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A topic that no other test knows. */
    public String freshTopic(int partitions) {
        return freshTopic(partitions, Map.of());
    }

    /** @param settings of the topic, such as {@code max.message.bytes} */
    public String freshTopic(int partitions, Map<String, String> settings) {
        String topic = "test." + UUID.randomUUID();
        createTopic(new NewTopic(topic, partitions, (short) 1).configs(settings));
        return topic;
    }

    /** Creates the topic unless it is there, and returns when the broker serves all of it. */
    public void createTopic(NewTopic topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(topic)).all().get();
            Topics.awaitServed(admin, List.of(topic));
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("Topic %s could not be made".formatted(topic.name()), failed);
            }
        } catch (TimeoutException silent) {
            throw new IllegalStateException("Topic %s is not served".formatted(topic.name()), silent);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Closed by the caller; every record is acknowledged by all replicas. */
    public KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Sends one record and waits until it is acknowledged. */
    public void publish(String topic, String key, byte @Nullable [] value) {
        publish(topic, key, value, Map.of());
    }

    /** With headers, such as those of a CloudEvent. */
    public void publish(String topic, String key, byte @Nullable [] value, Map<String, String> headers) {
        var message = new ProducerRecord<String, byte @Nullable []>(topic, key, value);
        headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        try (var producer = producer()) {
            producer.send(message).get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Not sent to " + topic, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Everything that is in the topic now, in the order of its partitions and offsets. */
    public List<ConsumerRecord<String, byte[]>> readAll(String topic) {
        return readUntil(topic, records -> true, Duration.ofSeconds(30));
    }

    /**
     * Reads the topic from its start until the condition holds and the end is reached.
     *
     * @throws AssertionError when the condition does not hold in time
     */
    public List<ConsumerRecord<String, byte[]>> readUntil(
            String topic, Predicate<List<ConsumerRecord<String, byte[]>>> enough, Duration timeout) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(
                            0, consumer.partitionsFor(topic).size())
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                consumer.poll(Duration.ofMillis(50)).forEach(records::add);
                boolean atEnd = consumer.endOffsets(partitions).entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                if (atEnd && enough.test(records)) {
                    return records;
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new AssertionError("After %s the topic %s holds only %d records that do not suffice"
                            .formatted(timeout, topic, records.size()));
                }
            }
        }
    }
}
