package dev.holdfast.chaos;

import dev.holdfast.local.KafkaServer;
import dev.holdfast.local.PostgresServer;
import dev.holdfast.local.Topics;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A durable PostgreSQL, a broker and product-ingest, each to be stopped and started at will on unchanging ports. */
final class Cluster implements AutoCloseable {
    private static final Path SERVICE = Path.of("..", "product-ingest", "target", "quarkus-app", "quarkus-run.jar");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Path directory;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int httpPort = freePort();
    private PostgresServer postgres;
    private KafkaServer kafka;
    private JavaProcess service;

    Cluster() throws IOException {
        if (!Files.exists(SERVICE)) {
            throw new IllegalStateException(
                    "product-ingest is not packaged: run 'make test', or 'mvn verify' at the top");
        }
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "cluster");
        postgres = PostgresServer.start(PostgresServer.Options.in(directory.resolve("postgres")));
        kafka = KafkaServer.start(KafkaServer.Options.in(directory.resolve("kafka")));
        Topics.create(kafka.bootstrapServers());
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    void startService() throws IOException {
        service = JavaProcess.start(
                List.of("-Xmx384m", "-jar", SERVICE.toString()),
                Map.of(
                        "QUARKUS_PROFILE", "local",
                        "QUARKUS_HTTP_PORT", Integer.toString(httpPort),
                        "DATABASE_URL", postgres.url(),
                        "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()),
                directory.resolve("product-ingest.log"));
        awaitReadiness(200);
    }

    void killService() throws InterruptedException {
        service.kill();
    }

    boolean serviceIsAlive() {
        return service.isAlive();
    }

    void stopPostgres() {
        postgres.stop();
    }

    void startPostgres() throws IOException {
        postgres = PostgresServer.start(
                PostgresServer.Options.in(directory.resolve("postgres")).withPort(postgres.port()));
    }

    void stopKafka() {
        kafka.stop();
    }

    void startKafka() throws IOException {
        int port = Integer.parseInt(kafka.bootstrapServers().replaceFirst(".*:", ""));
        kafka = KafkaServer.start(
                KafkaServer.Options.in(directory.resolve("kafka")).withPort(port));
    }

    /** @param status 200 or 503 */
    void awaitReadiness(int status) {
        Awaitility.await()
                .atMost(START_TIMEOUT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> readiness().status() == status);
    }

    /**
     * @param status 0 while nobody answers
     * @param body which part is missing
     */
    record Readiness(int status, String body) {}

    Readiness readiness() throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:%d/q/health/ready".formatted(httpPort)))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Readiness(answer.statusCode(), answer.body());
        } catch (IOException notYet) {
            if (!service.isAlive()) {
                throw new IllegalStateException("product-ingest ended: see " + directory, notYet);
            }
            return new Readiness(0, "");
        }
    }

    /** A text and a number per row. */
    Map<String, Long> numbers(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.adminJdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new HashMap<String, Long>();
            while (rows.next()) {
                found.put(rows.getString(1), rows.getLong(2));
            }
            return found;
        }
    }

    long count(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.adminJdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
        kafka.stop();
        postgres.stop();
    }
}
