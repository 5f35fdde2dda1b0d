package dev.holdfast.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * One Kafka node, broker and controller at once, in its own process. {@link KafkaServer} starts it.
 *
 * <p>Takes a properties file, formats the log directory when it is fresh, and runs until SIGTERM or until standard input ends:
 * the parent holds the other end of that pipe and never writes, so the pipe ends when the parent does, even by {@code kill -9}.
 */
final class KafkaBroker {

    /** One directory is one cluster, so its id can be a constant. */
    private static final String CLUSTER_ID = "aG9sZGZhc3QtbG9jYWwtMQ";

    private KafkaBroker() {}

    public static void main(String[] args) throws IOException {
        Path propertiesFile = Path.of(args[0]);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(propertiesFile)) {
            properties.load(reader);
        }
        int formatted = StorageTool.execute(
                new String[] {"format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", propertiesFile.toString()},
                System.out);
        if (formatted != 0) {
            System.exit(formatted);
        }

        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "kafka-shutdown"));
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> exitWhenEnds(System.in));
        server.startup();
        server.awaitShutdown();
    }

    private static void exitWhenEnds(InputStream input) {
        try {
            input.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException brokenPipe) {
            // as good as its end
        }
        System.exit(0);
    }
}
