package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Run;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.ServiceProcess;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/**
 * product-ingest as it is delivered, in a process of its own, with the relay of its events.
 *
 * <p>How far it is, is read off its own counters, which move in the transaction of the effect: what is counted is
 * visible to everyone.
 */
final class PackagedService implements AutoCloseable {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final JavaProcess process;
    private final Connection connection;
    private final Catalogue catalogue;
    private final String topic;

    private PackagedService(JavaProcess process, Connection connection, Catalogue catalogue, String topic) {
        this.process = process;
        this.connection = connection;
        this.catalogue = catalogue;
        this.topic = topic;
    }

    /**
     * @param topic of the feed; also the group's name, so that no earlier instance is waited for
     * @param settings environment variables
     */
    static PackagedService start(Servers servers, Catalogue catalogue, String topic, Map<String, String> settings)
            throws IOException, SQLException {
        var environment = new HashMap<>(Map.of("PRODUCT_FEED_TOPIC", topic, "PRODUCT_FEED_GROUP", topic));
        environment.putAll(settings);
        Connection connection = catalogue.schema().connect();
        try {
            JavaProcess process = ServiceProcess.start(servers, "product-ingest", 0, environment);
            return new PackagedService(process, connection, catalogue, topic);
        } catch (IOException failed) {
            connection.close();
            throw failed;
        }
    }

    /**
     * The rate of each counted part of a feed that is in the topic already. A part ends when as many messages are counted
     * as there are up to its end; with several partitions some are then a little ahead of others.
     */
    List<Run> measure(Feed feed) {
        long due = Feed.count(feed.warmUp());
        long counted = awaitReceived(due);
        var runs = new ArrayList<Run>();
        for (Part part : feed.counted()) {
            var stopwatch = new Stopwatch();
            due += part.count();
            long before = counted;
            counted = awaitReceived(due);
            runs.add(stopwatch.stop(counted - before));
        }
        return runs;
    }

    /** How many there are at the first look at which there are enough. */
    long awaitReceived(long enough) {
        return Awaitility.await()
                .pollInterval(POLL_INTERVAL)
                .atMost(TIMEOUT)
                .failFast("product-ingest has ended, see its log", () -> !process.isAlive())
                .until(() -> catalogue.counters(connection, topic).received(), received -> received >= enough);
    }

    /** Returns when no message waits any more and everything was told. */
    void awaitSettled() {
        await(() -> catalogue.counters(connection, topic).waiting() == 0 && Catalogue.count(connection, "outbox") == 0);
    }

    void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInterval(POLL_INTERVAL)
                .atMost(TIMEOUT)
                .failFast("product-ingest has ended, see its log", () -> !process.isAlive())
                .until(condition);
    }

    /** Ends it as a deployment would. */
    @Override
    public void close() throws SQLException {
        connection.close();
        ServiceProcess.stop(process);
    }
}
