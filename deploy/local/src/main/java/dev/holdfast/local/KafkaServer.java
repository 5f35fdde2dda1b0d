package dev.holdfast.local;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * A real single-node Kafka broker (KRaft) as a child process.
 *
 * <p>The data directory outlives the process; a broker that was killed recovers its logs on the next start. The broker ends with
 * the process that started it, even when that one is killed. Topics are made on purpose ({@link Topics}), never by a typo.
 */
public final class KafkaServer implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final Process process;
    private final int port;

    private KafkaServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Where and how to run.
     *
     * @param dataDirectory created when missing
     * @param port of the broker, 0 takes a free one; the controller always takes a free one
     * @param logFile appended to
     * @param settings of {@code server.properties}; they win over the ones set here
     */
    public record Options(Path dataDirectory, int port, Path logFile, Map<String, String> settings) {

        public Options {
            dataDirectory = dataDirectory.toAbsolutePath().normalize();
            settings = Map.copyOf(settings);
        }

        /** A broker on a free port that logs beside its data. */
        public static Options in(Path dataDirectory) {
            return new Options(dataDirectory, 0, dataDirectory.resolveSibling("kafka.log"), Map.of());
        }

        public Options withPort(int newPort) {
            return new Options(dataDirectory, newPort, logFile, settings);
        }

        public Options withLogFile(Path newLogFile) {
            return new Options(dataDirectory, port, newLogFile, settings);
        }

        public Options withSettings(Map<String, String> newSettings) {
            return new Options(dataDirectory, port, logFile, newSettings);
        }
    }

    /**
     * Starts the broker and returns when it accepts requests.
     *
     * @throws IOException when it does not within 60 s; the message has the last lines of its log
     */
    public static KafkaServer start(Options options) throws IOException {
        int port = options.port() == 0 ? Ports.free() : options.port();
        Files.createDirectories(options.dataDirectory());
        LogFile log = new LogFile(options.logFile()).prepare();
        Process process = launch(writeProperties(options, port), log);
        try {
            awaitReady(process, port, log);
        } catch (IOException | RuntimeException e) {
            Signals.terminate(process.toHandle(), STOP_TIMEOUT);
            throw e;
        }
        return new KafkaServer(process, port);
    }

    private static Process launch(Path propertiesFile, LogFile log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
                KafkaBroker.class.getName(),
                propertiesFile.toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectErrorStream(true).redirectOutput(log.append()).start();
    }

    private static Path writeProperties(Options options, int port) throws IOException {
        int controllerPort = Ports.free();
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", "1");
        properties.setProperty("controller.quorum.voters", "1@localhost:" + controllerPort);
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty(
                "listeners", "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        properties.setProperty("advertised.listeners", "PLAINTEXT://localhost:" + port);
        properties.setProperty(
                "log.dirs", options.dataDirectory().resolve("logs").toString());
        properties.setProperty("auto.create.topics.enable", "false");
        // a killed broker that comes back waits until its old registration expires, 9 s by default
        properties.setProperty("broker.session.timeout.ms", "3000");
        properties.setProperty("broker.heartbeat.interval.ms", "500");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            properties.setProperty(topic + ".num.partitions", "5");
            properties.setProperty(topic + ".replication.factor", "1");
        }
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("share.coordinator.state.topic.min.isr", "1");
        // the default of 128 MB is a quarter of this heap, for a log that is small here
        properties.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        options.settings().forEach(properties::setProperty);

        Path file = options.dataDirectory().resolve("server.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, "Written at each start");
        }
        return file;
    }

    private static void awaitReady(Process process, int port, LogFile log) throws IOException {
        long deadlineNs = System.nanoTime() + START_TIMEOUT.toNanos();
        while (System.nanoTime() < deadlineNs) {
            if (!process.isAlive()) {
                throw new IOException("Kafka does not start: it ended with exit code %d%n    %s"
                        .formatted(process.exitValue(), log.reason()));
            }
            // the client complains loudly about a port where nobody listens yet, so ask only when somebody does
            if (!Ports.isFree(port) && hasBroker(port)) {
                return;
            }
            Pause.of(POLL_INTERVAL);
        }
        throw new IOException("Kafka does not answer on port %d within %d s%n    %s"
                .formatted(port, START_TIMEOUT.toSeconds(), log.reason()));
    }

    private static boolean hasBroker(int port) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + port))) {
            return !admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | java.util.concurrent.TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Kafka started", e);
        }
    }

    public int port() {
        return port;
    }

    /** {@code localhost:<port>}. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    public long pid() {
        return process.pid();
    }

    /** The broker's process, for a test that kills or pauses it. */
    public Process process() {
        return process;
    }

    /** Completes when the broker ends, for whatever reason. */
    public CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Ends the broker, within 30 s by request, then by force. Harmless when it already ended. */
    public void stop() {
        Signals.terminate(process.toHandle(), STOP_TIMEOUT);
    }

    @Override
    public void close() {
        stop();
    }
}
