package dev.holdfast.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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

    private final EmbeddedPostgres postgres;
    private final ProcessHandle postmaster;

    private PostgresServer(EmbeddedPostgres postgres, ProcessHandle postmaster) {
        this.postgres = postgres;
        this.postmaster = postmaster;
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
     * @throws IOException when it does not start within 60 s; the reason is in the log file
     * @throws IllegalStateException when another living process uses the data directory
     */
    public static PostgresServer start(Options options) throws IOException {
        Files.createDirectories(options.dataDirectory());
        Files.createDirectories(
                Objects.requireNonNull(options.logFile().toAbsolutePath().getParent()));
        DataDirectory data = new DataDirectory(options.dataDirectory());
        data.refuseWhenInUse();
        Postmaster.running(options.dataDirectory()).ifPresent(Postmaster::stop);
        data.beginUnlessComplete();

        EmbeddedPostgres postgres = launch(options);
        try {
            createDatabase(postgres.getPort());
            ProcessHandle postmaster = Postmaster.running(options.dataDirectory())
                    .orElseThrow(() -> new IOException("PostgreSQL ended while it started, see " + options.logFile()));
            data.complete();
            return new PostgresServer(postgres, postmaster);
        } catch (SQLException | IOException | RuntimeException e) {
            postgres.close();
            throw new IOException(
                    "PostgreSQL started but its roles and schemas could not be made: " + e.getMessage(), e);
        }
    }

    private static EmbeddedPostgres launch(Options options) throws IOException {
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(options.logFile().toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(options.dataDirectory())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(binariesDirectory())
                .setDataDirectoryCustomizer(PostgresServer::askServicesForPasswords)
                .setPGStartupWait(START_TIMEOUT)
                .setPort(options.port())
                .setOutputRedirector(log)
                .setErrorRedirector(log)
                // the same order of strings on every machine, whatever its locales are
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8");
        settings(options).forEach((name, value) -> builder.setServerConfig(name, quoted(value)));
        try {
            return builder.start();
        } catch (IOException | RuntimeException e) {
            Postmaster.running(options.dataDirectory()).ifPresent(Postmaster::stop);
            throw new IOException(
                    "PostgreSQL does not start in %s, see %s".formatted(options.dataDirectory(), options.logFile()), e);
        }
    }

    private static Map<String, String> settings(Options options) {
        Map<String, String> settings = new HashMap<>();
        settings.put("max_connections", "200");
        settings.put("shared_buffers", "256MB");
        settings.put("shared_preload_libraries", "pg_stat_statements");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        // a socket file in /tmp would clash with another user's server on the same port number
        settings.put("unix_socket_directories", "");
        // the library starts the server with -F (no fsync); these come later on the command line and win
        String durable = options.durable() ? "on" : "off";
        settings.put("fsync", durable);
        settings.put("synchronous_commit", durable);
        settings.put("full_page_writes", durable);
        settings.putAll(options.settings());
        return settings;
    }

    /** The settings pass through a shell. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    private static File binariesDirectory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("holdfast").resolve("postgres").toFile();
    }

    /** As everywhere else a service needs its password; only the superuser comes in without one, from this machine. */
    private static void askServicesForPasswords(File dataDirectory) {
        try {
            Files.writeString(dataDirectory.toPath().resolve("pg_hba.conf"), """
                    # database  user      address    method
                    host all    postgres  localhost  trust
                    host all    all       localhost  scram-sha-256
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        return postgres.getPort();
    }

    /** {@code postgresql://localhost:<port>/holdfast}, as the services take it; user and password come separately. */
    public String url() {
        return "postgresql://localhost:%d/%s".formatted(port(), DATABASE);
    }

    /** For a superuser's connection to {@code holdfast}, without a password. */
    public String adminJdbcUrl() {
        return adminJdbcUrl(port(), DATABASE);
    }

    /** The server's main process; each connection is a child of it. */
    public long pid() {
        return postmaster.pid();
    }

    /** Completes when the server ends, for whatever reason. */
    public CompletableFuture<ProcessHandle> onExit() {
        return postmaster.onExit();
    }

    /** Ends the server within 40 s, without losing a committed transaction. Harmless when it already ended. */
    public void stop() {
        try {
            // asks for a fast shutdown, waits 5 s for it, and releases the lock on the directory
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (postmaster.isAlive()) {
            Postmaster.stop(postmaster);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
