package dev.holdfast.chaos;

import dev.holdfast.local.KafkaServer;
import dev.holdfast.local.PostgresServer;
import dev.holdfast.local.Topics;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A durable PostgreSQL, a broker and instances of one service, each to be stopped and started at will on unchanging ports. */
final class Cluster implements AutoCloseable {
    private final String name;
    private final Path jar;
    private final Path directory;
    private final int httpPort = freePort();
    private PostgresServer postgres;
    private KafkaServer kafka;
    private Instance service;
    private final List<Instance> others = new ArrayList<>();

    Cluster() throws IOException {
        this("product-ingest");
    }

    /** @param name of the service's module */
    Cluster(String name) throws IOException {
        this.name = name;
        jar = Path.of("..", name, "target", "quarkus-app", "quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "%s is not packaged: run 'make test', or 'mvn verify' at the top".formatted(name));
        }
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "cluster");
        postgres = PostgresServer.start(PostgresServer.Options.in(directory.resolve("postgres")));
        kafka = KafkaServer.start(KafkaServer.Options.in(directory.resolve("kafka")));
        Topics.create(kafka.bootstrapServers());
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    /** Starts the one that most tests need; returns when it is ready. */
    void startService() throws IOException {
        service = start(httpPort, Map.of());
    }

    /** One more, beside the others. */
    Instance startAnother(Map<String, String> settings) throws IOException {
        Instance another = start(freePort(), settings);
        others.add(another);
        return another;
    }

    private Instance start(int port, Map<String, String> settings) throws IOException {
        var environment = new HashMap<>(Map.of(
                "QUARKUS_PROFILE", "local",
                "QUARKUS_HTTP_PORT", Integer.toString(port),
                "DATABASE_URL", postgres.url(),
                "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()));
        environment.putAll(settings);
        var instance = new Instance(
                JavaProcess.start(
                        List.of("-Xmx384m", "-jar", jar.toString()),
                        environment,
                        directory.resolve("%s-%d.log".formatted(name, port))),
                port);
        instance.awaitReadiness(200);
        return instance;
    }

    /**
     * Kills the service, restarts PostgreSQL under it, and kills it again.
     *
     * @param inTheMidst awaited before each blow, so that it falls into the midst of something
     */
    void fallOver(Runnable inTheMidst) throws Exception {
        inTheMidst.run();
        service().kill();
        startService();
        inTheMidst.run();
        stopPostgres();
        startPostgres();
        service().awaitReadiness(200);
        inTheMidst.run();
        service().kill();
        startService();
    }

    Instance service() {
        return service;
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

    /** For a checker that reads the books itself. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.adminJdbcUrl());
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

    /** Batches wait at their gate from now on, none of them with its partition locked, until the answer is closed. */
    AutoCloseable holdBatches() throws SQLException {
        var connection = DriverManager.getConnection(postgres.adminJdbcUrl());
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock('product.product'::regclass::oid::int, 1)");
        }
        return connection;
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
        others.forEach(Instance::close);
        kafka.stop();
        postgres.stop();
    }
}
