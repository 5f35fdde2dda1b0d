package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import dev.holdfast.local.Topics;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * From the topic to the catalogue: the packaged service as it is delivered, relay of its own events included, beside the
 * bare statement on plain JDBC.
 *
 * <p>All messages are in the topic before the service starts. The first 300,000 warm it up; the clock runs from the moment
 * they are counted until the last of the 200,000 behind them is. Both ends are read off the service's own counters, which
 * move in the transaction of the effect.
 */
public final class TopicIngest implements Comparison {
    private static final Path SERVICE = Path.of("product-ingest/target/quarkus-app/quarkus-run.jar");
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private @Nullable Feed feed;
    private @Nullable PlainJdbc plainJdbc;

    @Override
    public Subject subject() {
        return new Subject(
                "ingest-topic-200k",
                "messages/s",
                "the same statement from plain JDBC: %d connections, batches of %d, parsed before"
                        .formatted(Feed.PARTITIONS, PlainJdbc.BATCH),
                new Goal(0.7));
    }

    @Override
    public Run product(Servers servers) throws Exception {
        Topics.create(servers.bootstrapServers());
        Schema schema = freshSchema(servers);
        String topic = servers.kafka().freshTopic(Feed.PARTITIONS);
        feed().publish(servers.kafka(), topic);
        servers.checkpoint();
        Run run;
        try (JavaProcess service = start(servers, topic)) {
            run = measure(new Catalogue(schema), topic, service);
            service.stop();
        }
        new Catalogue(schema).check(feed(), topic);
        return run;
    }

    @Override
    public Run peer(Servers servers) throws Exception {
        if (plainJdbc == null) {
            plainJdbc = PlainJdbc.of(feed());
        }
        Schema schema = freshSchema(servers);
        Run run = plainJdbc.run(servers, schema);
        new Catalogue(schema).check(feed(), PlainJdbc.TOPIC);
        return run;
    }

    private Feed feed() {
        if (feed == null) {
            feed = Feed.generate();
        }
        return feed;
    }

    private static Schema freshSchema(Servers servers) {
        return Schema.fresh(servers, "product", "db/platform", "db/migration");
    }

    /** With the memory that the local cluster gives it. */
    private static JavaProcess start(Servers servers, String topic) throws IOException {
        return JavaProcess.start(
                List.of(
                        "-Xmx384m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-jar",
                        SERVICE.toString()),
                Map.of(
                        "QUARKUS_PROFILE",
                        "local",
                        "QUARKUS_HTTP_HOST",
                        "127.0.0.1",
                        "QUARKUS_HTTP_PORT",
                        "0",
                        "DATABASE_URL",
                        servers.postgresUrl(),
                        "KAFKA_BOOTSTRAP_SERVERS",
                        servers.bootstrapServers(),
                        "MP_MESSAGING_INCOMING_VENDOR_PRODUCTS_TOPIC",
                        topic),
                servers.directory().resolve("product-ingest.log"));
    }

    private static Run measure(Catalogue catalogue, String topic, JavaProcess service) throws SQLException {
        try (Connection connection = catalogue.schema().connect()) {
            long before = awaitReceived(catalogue, connection, topic, Feed.WARM_UP, service);
            var stopwatch = new Stopwatch();
            long after = awaitReceived(catalogue, connection, topic, Feed.WARM_UP + Feed.COUNTED, service);
            return stopwatch.stop(after - before);
        }
    }

    /** How many there are at the first look at which there are enough. */
    private static long awaitReceived(
            Catalogue catalogue, Connection connection, String topic, long enough, JavaProcess service) {
        return Awaitility.await()
                .pollInterval(POLL_INTERVAL)
                .atMost(TIMEOUT)
                .failFast("product-ingest has ended, see its log", () -> !service.isAlive())
                .until(() -> catalogue.counters(connection, topic).received(), received -> received >= enough);
    }
}
