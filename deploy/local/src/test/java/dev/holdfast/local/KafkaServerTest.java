package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerTest {

    @TempDir
    Path directory;

    @Test
    void keepsItsRecordsWhenItIsKilledAndStartedAgain() throws Exception {
        // Given
        var options = KafkaServer.Options.in(directory.resolve("kafka"));
        try (var server = KafkaServer.start(options)) {
            Topics.create(server.bootstrapServers());
            send(server, "vendor.products", "kept");
            server.process().destroyForcibly();
            server.onExit().get(10, TimeUnit.SECONDS);
        }

        // When
        try (var server = KafkaServer.start(options)) {

            // Then
            assertThat(read(server, "vendor.products")).isEqualTo("kept");
        }
    }

    @Test
    void makesEachTopicOnce() throws Exception {
        // Given
        try (var server = KafkaServer.start(KafkaServer.Options.in(directory.resolve("kafka")))) {

            // When
            List<String> first = Topics.create(server.bootstrapServers());
            List<String> second = Topics.create(server.bootstrapServers());

            // Then
            assertThat(first).contains("vendor.products", "vendor.products.product-ingest.dlq", "payment.commands");
            assertThat(second).isEmpty();
            assertThat(partitions(server, "vendor.products")).isEqualTo(4);
            assertThat(partitions(server, "vendor.products.product-ingest.dlq")).isEqualTo(1);
        }
    }

    /** A producer whose first batch is refused, and the second is not, never gets rid of the first one. */
    @Test
    void servesTheTopicsOnceTheyAreMade() throws Exception {
        // Given
        try (var server = KafkaServer.start(KafkaServer.Options.in(directory.resolve("kafka")));
                var admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers(), "retries", 0))) {
            admin.describeCluster().nodes().get();

            // When
            List<String> made = Topics.create(server.bootstrapServers());

            // Then
            Map<TopicPartition, OffsetSpec> first = made.stream()
                    .collect(Collectors.toMap(topic -> new TopicPartition(topic, 0), topic -> OffsetSpec.latest()));
            assertThat(admin.listOffsets(first).all().get()).hasSameSizeAs(made);
        }
    }

    @Test
    void endsWhenItsParentDoes() throws Exception {
        // Given
        try (var server = KafkaServer.start(KafkaServer.Options.in(directory.resolve("kafka")))) {

            // When: what the operating system does when the parent is gone
            server.process().getOutputStream().close();

            // Then
            assertThat(server.onExit()).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void saysWhereTheReasonIsWhenItDoesNotStart() {
        // Given
        var options =
                KafkaServer.Options.in(directory.resolve("kafka")).withSettings(Map.of("num.network.threads", "none"));

        // When
        assertThatThrownBy(() -> KafkaServer.start(options))

                // Then
                .isInstanceOf(IOException.class)
                .hasMessageContaining("kafka.log");
        assertThat(directory.resolve("kafka.log")).content().contains("num.network.threads");
    }

    private static void send(KafkaServer server, String topic, String value) throws Exception {
        var settings = Map.<String, Object>of("bootstrap.servers", server.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get(10, TimeUnit.SECONDS);
        }
    }

    private static String read(KafkaServer server, String topic) {
        var settings = Map.<String, Object>of(
                "bootstrap.servers",
                server.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "reader",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            return consumer.poll(Duration.ofSeconds(20)).iterator().next().value();
        }
    }

    private static int partitions(KafkaServer server, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            return admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .values()
                    .iterator()
                    .next()
                    .get(10, TimeUnit.SECONDS)
                    .partitions()
                    .size();
        }
    }
}
