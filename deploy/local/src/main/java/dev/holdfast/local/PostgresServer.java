package dev.holdfast.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A real PostgreSQL 18 as a child process, from binaries in Maven Central artifacts, with the database {@code holdfast} and the
 * services' roles in it.
 *
 * <p>The data directory outlives the process. {@link #start} stops a server that a killed parent left on the directory, ignores
 * stale lock files, and brings roles of services that came later to old data. A directory that a living parent uses is refused.
 *
 * <p>Nothing stops the server when the Java process exits: the caller does, because only it knows what must stop before.
 * Works as root (in a user namespace, because PostgreSQL refuses root) and as an ordinary user, on Linux and macOS.
 */
public final class PostgresServer implements AutoCloseable {

    /** The one database of the cluster. */
    public static final String DATABASE = "holdfast";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    /** SQLSTATEs: cannot connect, starting up. */
    private static final Set<String> NOT_YET = Set.of("08001", "57P03");

    private final DataDirectory data;
    private final Process postmaster;
    private final int port;

    private PostgresServer(DataDirectory data, Process postmaster, int port) {
        this.data = data;
        this.postmaster = postmaster;
        this.port = port;
    }

    /**
     * Where and how to run.
     *
     * @param dataDirectory created when missing
     * @param port 0 takes a free one
     * @param durable false lets a crash of the machine lose or corrupt data, which only tests can afford
     * @param logFile appended to
     * @param settings of {@code postgresql.conf}; they win over the ones set here
     */
    public record Options(Path dataDirectory, int port, boolean durable, Path logFile, Map<String, String> settings) {

        public Options {
            dataDirectory = dataDirectory.toAbsolutePath().normalize();
            settings = Map.copyOf(settings);
        }

        /** A durable server on a free port that logs beside its data. */
        public static Options in(Path dataDirectory) {
            return new Options(dataDirectory, 0, true, dataDirectory.resolveSibling("postgres.log"), Map.of());
        }

        public Options withPort(int newPort) {
            return new Options(dataDirectory, newPort, durable, logFile, settings);
        }

        public Options withDurable(boolean newDurable) {
            return new Options(dataDirectory, port, newDurable, logFile, settings);
        }

        public Options withLogFile(Path newLogFile) {
            return new Options(dataDirectory, port, durable, newLogFile, settings);
        }

        public Options withSettings(Map<String, String> newSettings) {
            return new Options(dataDirectory, port, durable, logFile, newSettings);
        }
    }

    /**
     * Starts the server and returns when it answers and its roles exist.
     *
     * @throws IOException when it does not start within 60 s; the message has the last lines of its log
     * @throws IllegalStateException when another living process uses the data directory
     */
    public static PostgresServer start(Options options) throws IOException {
        Files.createDirectories(options.dataDirectory());
        LogFile log = new LogFile(options.logFile()).prepare();
        int port = options.port() == 0 ? Ports.free() : options.port();
        DataDirectory data = DataDirectory.lock(options.dataDirectory());
        try {
            Postmaster.running(options.dataDirectory()).ifPresent(Postmaster::stop);
            PostgresBinaries binaries = PostgresBinaries.unpacked();
            data.initialise(binaries, log.append());
            Process postmaster = launch(binaries, options, port, log);
            awaitReady(postmaster, port);
            return new PostgresServer(data, postmaster, port);
        } catch (IOException | RuntimeException e) {
            data.close();
            throw new IOException("PostgreSQL does not start: %s%n    %s".formatted(e.getMessage(), log.reason()), e);
        }
    }

    private static Process launch(PostgresBinaries binaries, Options options, int port, LogFile log)
            throws IOException {
        List<String> command =
                binaries.command("postgres", "-D", options.dataDirectory().toString(), "-p", Integer.toString(port));
        settings(options).forEach((name, value) -> {
            command.add("-c");
            command.add(name + "=" + value);
        });
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.append())
                .start();
    }

    private static Map<String, String> settings(Options options) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("max_connections", "200");
        settings.put("shared_buffers", "256MB");
        settings.put("shared_preload_libraries", "pg_stat_statements");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        // a socket file in /tmp would clash with another user's server on the same port number
        settings.put("unix_socket_directories", "");
        if (!options.durable()) {
            settings.put("fsync", "off");
            settings.put("synchronous_commit", "off");
            settings.put("full_page_writes", "off");
        }
        settings.putAll(options.settings());
        return settings;
    }

    private static void awaitReady(Process postmaster, int port) throws IOException {
        long deadlineNs = System.nanoTime() + START_TIMEOUT.toNanos();
        boolean ready = false;
        try {
            while (!ready) {
                if (!postmaster.isAlive()) {
                    throw new IOException("it ended with exit code " + postmaster.exitValue());
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new IOException("it does not answer within %d s".formatted(START_TIMEOUT.toSeconds()));
                }
                ready = answers(port);
            }
            createDatabase(port);
        } catch (SQLException | IOException | RuntimeException e) {
            Postmaster.stop(postmaster.toHandle());
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean answers(int port) throws SQLException {
        try (Connection connection = DriverManager.getConnection(adminJdbcUrl(port, "postgres"))) {
            return connection.isValid(0);
        } catch (SQLException e) {
            if (!NOT_YET.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            Pause.of(POLL_INTERVAL);
            return false;
        }
    }

    private static void createDatabase(int port) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(adminJdbcUrl(port, "postgres"));
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
        try (Connection connection = DriverManager.getConnection(adminJdbcUrl(port, DATABASE));
                Statement statement = connection.createStatement()) {
            statement.execute(bootstrapSql());
        }
    }

    private static String bootstrapSql() throws IOException {
        try (InputStream sql = Objects.requireNonNull(PostgresServer.class.getResourceAsStream("/postgres-init.sql"))) {
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String adminJdbcUrl(int port, String database) {
        return "jdbc:postgresql://localhost:%d/%s?user=postgres".formatted(port, database);
    }

    public int port() {
        return port;
    }

    /** {@code postgresql://localhost:<port>/holdfast}, as the services take it; user and password come separately. */
    public String url() {
        return "postgresql://localhost:%d/%s".formatted(port, DATABASE);
    }

    /** For a superuser's connection to {@code holdfast}, without a password. */
    public String adminJdbcUrl() {
        return adminJdbcUrl(port, DATABASE);
    }

    /** The server's main process; each connection is a child of it. */
    public long pid() {
        return postmaster.pid();
    }

    /** The server's main process, for whoever supervises it. */
    public Process process() {
        return postmaster;
    }

    /** Completes when the server ends, for whatever reason. */
    public CompletableFuture<Process> onExit() {
        return postmaster.onExit();
    }

    /** Ends the server within 40 s, without losing a committed transaction. Harmless when it already ended. */
    public void stop() {
        if (postmaster.isAlive()) {
            Postmaster.stop(postmaster.toHandle());
        }
        try {
            data.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
