package dev.holdfast.chaos;

import dev.holdfast.local.KafkaServer;
import dev.holdfast.local.PostgresServer;
import dev.holdfast.local.Topics;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A durable PostgreSQL, a broker and instances of one service, each to be stopped and started at will on unchanging ports. */
final class Cluster implements AutoCloseable {
    private static final int FALLS = Integer.getInteger("chaos.falls", 1);
    private static final Duration COPY_LIMIT = Duration.ofMinutes(2);

    private final String name;
    private final Path jar;
    private final Path directory;
    private final int httpPort = freePort();
    private PostgresServer postgres;
    private KafkaServer kafka;
    private Instance service;
    private final List<Instance> others = new ArrayList<>();

    Cluster() throws Exception {
        this("product-ingest");
    }

    /** @param name of the service's module */
    Cluster(String name) throws Exception {
        this.name = name;
        jar = Path.of("..", name, "target", "quarkus-app", "quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "%s is not packaged: run 'make test', or 'mvn verify' at the top".formatted(name));
        }
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "cluster");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<KafkaServer> broker =
                    threads.submit(() -> KafkaServer.start(KafkaServer.Options.in(directory.resolve("kafka"))));
            postgres = PostgresServer.start(PostgresServer.Options.in(directory.resolve("postgres")));
            kafka = broker.get();
        }
        Topics.create(kafka.bootstrapServers());
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    /** Where media keeps what is not in the database. */
    Path mediaDirectory() {
        return directory.resolve("media");
    }

    /** Starts the one that most tests need; returns when it is ready. */
    void startService() throws IOException {
        service = launch(httpPort, Map.of());
        service.awaitReadiness(200);
    }

    /** One more, beside the others. */
    Instance startAnother(Map<String, String> settings) throws IOException {
        return startOthers(List.of(settings)).getFirst();
    }

    /** Some more at the same time; returns when all are ready. */
    List<Instance> startOthers(List<Map<String, String>> settings) throws IOException {
        var started = new ArrayList<Instance>();
        for (Map<String, String> each : settings) {
            started.add(launch(freePort(), each));
            others.add(started.getLast());
        }
        started.forEach(instance -> instance.awaitReadiness(200));
        return started;
    }

    private Instance launch(int port, Map<String, String> settings) throws IOException {
        var environment = new HashMap<>(Map.of(
                "QUARKUS_PROFILE", "local",
                "QUARKUS_HTTP_PORT", Integer.toString(port),
                "DATABASE_URL", postgres.url(),
                "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "MEDIA_STORE_DIRECTORY", mediaDirectory().toString()));
        environment.putAll(settings);
        return new Instance(
                JavaProcess.start(
                        List.of("-Xmx384m", "-jar", jar.toString()),
                        environment,
                        directory.resolve("%s-%d.log".formatted(name, port))),
                port);
    }

    /**
     * Kills the service, PostgreSQL, the broker, and the service again; in long runs many times.
     *
     * @param inTheMidst awaited before each blow, so that it falls into the midst of something
     */
    void fallOver(Runnable inTheMidst) throws Exception {
        for (int fall = 0; fall < FALLS; fall++) {
            fallOverOnce(inTheMidst);
        }
    }

    private void fallOverOnce(Runnable inTheMidst) throws Exception {
        inTheMidst.run();
        service().kill();
        startService();
        inTheMidst.run();
        killPostgres();
        startPostgres();
        service().awaitReadiness(200);
        inTheMidst.run();
        kill(kafka.process());
        inTheMidst.run();
        startKafka();
        inTheMidst.run();
        service().kill();
        startService();
    }

    /** The server and all of its connections; what it has promised must be on the disk. */
    void killPostgres() throws InterruptedException {
        List<ProcessHandle> connections =
                postgres.process().toHandle().children().toList();
        kill(postgres.process());
        connections.forEach(ProcessHandle::destroyForcibly);
        connections.forEach(connection -> connection.onExit().join());
        postgres.stop();
    }

    /**
     * Copies the running server as its manual says (PostgreSQL 18, 25.3.4): its files while they change, then the log that makes them
     * whole.
     */
    Path backUp() throws Exception {
        Path data = directory.resolve("postgres");
        Path copy = directory.resolve("backup");
        String label;
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('chaos', fast => true)");
            copy(data, copy);
            try (var rows = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)")) {
                rows.next();
                label = rows.getString(1);
            }
        }
        copy(data.resolve("pg_wal"), copy);
        Files.writeString(copy.resolve("backup_label"), label);
        Files.deleteIfExists(copy.resolve("postmaster.pid"));
        return copy;
    }

    /** Starts PostgreSQL from a copy, which knows nothing of what came after it. */
    void restore(Path copy) throws Exception {
        stopPostgres();
        Path data = directory.resolve("postgres");
        Files.move(data, directory.resolve("postgres-before"));
        Files.move(copy, data);
        startPostgres();
    }

    /** With owners and rights. Files that go while they are copied are none that are needed. */
    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        var copied = Command.run(COPY_LIMIT, "cp", "-a", from.toString(), to.toString());
        if (copied.exitCode() > 1) {
            copied.orThrow();
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
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
        Topics.create(kafka.bootstrapServers());
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
