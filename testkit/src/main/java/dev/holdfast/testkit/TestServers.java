package dev.holdfast.testkit;

import dev.holdfast.local.KafkaServer;
import dev.holdfast.local.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The run's PostgreSQL and Kafka, started when first asked for, stopped with the JVM.
 *
 * <p>Their addresses are kept in system properties rather than in fields: a Quarkus test loads this class a second
 * time in a class loader of its own and must find the same servers.
 */
public final class TestServers {
    private static final String POSTGRES_URL = "testkit.postgres.url";
    private static final String POSTGRES_ADMIN_PASSWORD = "testkit.postgres.admin-password";
    private static final String KAFKA = "testkit.kafka";

    private TestServers() {}

    /** {@code postgresql://host:port/holdfast}; roles and schemas of all services exist. */
    public static String postgresUrl() {
        return started(POSTGRES_URL, TestServers::startPostgres);
    }

    /** Host and port, for a Kafka client. */
    public static String kafka() {
        return started(KAFKA, TestServers::startKafka);
    }

    static String adminJdbcUrl() {
        return "jdbc:%s?user=postgres&password=%s"
                .formatted(postgresUrl(), System.getProperty(POSTGRES_ADMIN_PASSWORD, ""));
    }

    private interface Start {
        void run() throws IOException;
    }

    private static String started(String property, Start start) {
        // a lock that all class loaders share
        synchronized (System.getProperties()) {
            if (System.getProperty(property) == null) {
                try {
                    start.run();
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
            return System.getProperty(property);
        }
    }

    private static void startPostgres() throws IOException {
        switch (Backend.chosen()) {
            case EMBEDDED -> {
                PostgresServer server = PostgresServer.start(
                        PostgresServer.Options.in(workDirectory("postgres")).withDurable(false));
                Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
                System.setProperty(POSTGRES_URL, server.url());
            }
            case CONTAINERS -> {
                @SuppressWarnings("resource") // lives as long as the JVM
                var container = new PostgreSQLContainer("postgres:18")
                        .withDatabaseName(PostgresServer.DATABASE)
                        .withUsername("postgres")
                        .withPassword("postgres")
                        .withInitScript("postgres-init.sql")
                        .withCommand(
                                "postgres",
                                "-c",
                                "fsync=off",
                                "-c",
                                "max_connections=200",
                                "-c",
                                "shared_preload_libraries=pg_stat_statements");
                container.start();
                Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
                System.setProperty(POSTGRES_ADMIN_PASSWORD, "postgres");
                System.setProperty(
                        POSTGRES_URL,
                        "postgresql://%s:%d/%s"
                                .formatted(
                                        container.getHost(), container.getFirstMappedPort(), PostgresServer.DATABASE));
            }
            case EXISTING -> throw missing(POSTGRES_URL);
        }
    }

    private static void startKafka() throws IOException {
        switch (Backend.chosen()) {
            case EMBEDDED -> {
                KafkaServer server = KafkaServer.start(KafkaServer.Options.in(workDirectory("kafka")));
                Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
                System.setProperty(KAFKA, server.bootstrapServers());
            }
            case CONTAINERS -> {
                @SuppressWarnings("resource") // lives as long as the JVM
                var container = new KafkaContainer("apache/kafka:4.1.1")
                        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                        .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
                container.start();
                Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
                System.setProperty(KAFKA, container.getBootstrapServers());
            }
            case EXISTING -> throw missing(KAFKA);
        }
    }

    private static Path workDirectory(String server) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(Path.of("target", "testkit")), server)
                .resolve("data");
    }

    private static IllegalStateException missing(String property) {
        return new IllegalStateException(
                "testkit.backend=existing needs -D%s=... to say where the server is".formatted(property));
    }
}
