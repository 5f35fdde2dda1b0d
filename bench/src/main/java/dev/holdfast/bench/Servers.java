package dev.holdfast.bench;

import dev.holdfast.local.KafkaServer;
import dev.holdfast.local.PostgresServer;
import dev.holdfast.testkit.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The PostgreSQL and the Kafka broker that both sides use. Neither forgets a committed byte when the power fails. */
public final class Servers implements AutoCloseable {
    /** Enough memory that the data fits, and enough log that no checkpoint falls into a run. */
    private static final Map<String, String> POSTGRES_SETTINGS =
            Map.of("shared_buffers", "512MB", "max_wal_size", "4GB", "checkpoint_timeout", "30min");

    private final Path directory;
    private final PostgresServer postgres;
    private final KafkaServer kafka;

    private Servers(Path directory, PostgresServer postgres, KafkaServer kafka) {
        this.directory = directory;
        this.postgres = postgres;
        this.kafka = kafka;
    }

    /** @param directory for their data and logs; the topics of an earlier run are deleted */
    static Servers start(Path directory) throws IOException {
        PostgresServer postgres = PostgresServer.start(PostgresServer.Options.in(directory.resolve("postgres"))
                .withDurable(true)
                .withSettings(POSTGRES_SETTINGS));
        // from here on nobody else uses the directory
        try {
            Path topics = directory.resolve("kafka");
            delete(topics);
            return new Servers(directory, postgres, KafkaServer.start(KafkaServer.Options.in(topics)));
        } catch (IOException | RuntimeException failed) {
            postgres.close();
            throw failed;
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> paths = Files.walk(tree)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** For logs and other files of a run. */
    public Path directory() {
        return directory;
    }

    /** An empty one of that name, whatever an earlier run has left there. */
    public Path emptyDirectory(String name) throws IOException {
        Path empty = directory.resolve(name);
        delete(empty);
        return Files.createDirectories(empty);
    }

    /** {@code postgresql://host:port/database}, without a user. */
    public String postgresUrl() {
        return postgres.url();
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public TestKafka kafka() {
        return new TestKafka(kafka.bootstrapServers());
    }

    /** How many records have been written to the topic. */
    public long recordsIn(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> ends =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                            .flatMap(description -> description.partitions().stream())
                            .collect(Collectors.toMap(
                                    partition -> new TopicPartition(topic, partition.partition()),
                                    partition -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        }
    }

    /** So that a run's messages do not stay until the end of all runs. */
    public void deleteTopics(String... topics) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(topics)).all().get();
        }
    }

    /** Writes out what earlier work left in memory, so that this run does not pay for it. */
    public void checkpoint() throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.adminJdbcUrl());
                var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
    }

    /** To be called when the data is set up and only the work remains. */
    public Stopwatch startStopwatch() throws SQLException {
        checkpoint();
        return new Stopwatch();
    }

    String postgresVersion() throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.adminJdbcUrl())) {
            return connection.getMetaData().getDatabaseProductVersion();
        }
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
    }
}
