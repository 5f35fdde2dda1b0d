package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Run;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Debezium's JDBC sink in a Kafka Connect of its own, with the settings that make it fastest: a statement that takes
 * arrays, a buffer that keeps the last of several changes of one row, large batches and large fetches.
 *
 * <p>It writes into the service's own table with all its indexes and rules. What differs: it has no "only if newer", so
 * it does less; {@code content_hash} stays empty, and {@code row_version} and {@code updated_at} stay as inserted, since
 * it can only write what the message says.
 */
final class DebeziumSink {
    private static final Path CLASS_PATH = Path.of("bench/target/debezium-class-path");
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final String OPEN_TABLE = """
            ALTER TABLE product ALTER COLUMN content_hash DROP NOT NULL;
            ALTER TABLE product ALTER COLUMN state SET DEFAULT 'live';
            """;

    private static final String MESSAGE_SCHEMA = """
            {"type":"struct","optional":false,"fields":[\
            {"field":"vendor_id","type":"string","optional":false},{"field":"sku","type":"string","optional":false},\
            {"field":"src_version","type":"int64","optional":false},{"field":"gtin","type":"string","optional":true},\
            {"field":"name","type":"string","optional":false},{"field":"price_minor","type":"int64","optional":false},\
            {"field":"currency","type":"string","optional":false},\
            {"field":"attributes","type":"string","name":"io.debezium.data.Json","optional":false}]}""";

    private DebeziumSink() {}

    /** The same row as {@link Item#json()}, with the schema that the sink needs in every message. */
    static String json(Item item) {
        return "{\"schema\":%s,\"payload\":{\"vendor_id\":\"%s\",\"sku\":\"%s\",\"src_version\":%d,\"gtin\":\"%s\",\"name\":\"%s\",\"price_minor\":%d,\"currency\":\"EUR\",\"attributes\":\"%s\"}}"
                .formatted(
                        MESSAGE_SCHEMA,
                        item.vendor(),
                        item.sku(),
                        item.version(),
                        item.gtin(),
                        item.name(),
                        item.priceMinor(),
                        item.attributes().replace("\"", "\\\""));
    }

    /**
     * The rate of each counted part of a feed that is in the topic already, from the moment the last row of the part before
     * is visible until its own last row is.
     */
    static List<Run> measure(Servers servers, Schema schema, Feed feed, String topic)
            throws IOException, SQLException, InterruptedException {
        schema.execute(OPEN_TABLE);
        servers.checkpoint();
        JavaProcess connect = start(servers, schema, topic);
        try (Connection connection = schema.connect()) {
            awaitVisible(connection, feed.warmUp().getLast().last(), connect);
            var runs = new ArrayList<Run>();
            for (Part part : feed.counted()) {
                var stopwatch = new Stopwatch();
                awaitVisible(connection, part.last(), connect);
                runs.add(stopwatch.stop(part.count()));
            }
            connect.stop();
            return runs;
        } finally {
            connect.close();
        }
    }

    private static void awaitVisible(Connection connection, Item item, JavaProcess connect) {
        Awaitility.await()
                .pollInterval(POLL_INTERVAL)
                .atMost(TIMEOUT)
                .failFast("Kafka Connect has ended, see its log", () -> !connect.isAlive())
                .until(() -> Catalogue.shows(connection, item));
    }

    private static JavaProcess start(Servers servers, Schema schema, String topic) throws IOException {
        Path directory = Files.createDirectories(servers.directory().resolve("connect"));
        Path worker = directory.resolve("worker.properties");
        Path sink = directory.resolve("sink.properties");
        Path offsets = directory.resolve("offsets");
        Files.deleteIfExists(offsets);
        Files.writeString(
                worker,
                properties(Map.of(
                        "bootstrap.servers",
                        servers.bootstrapServers(),
                        "key.converter",
                        "org.apache.kafka.connect.storage.StringConverter",
                        "value.converter",
                        "org.apache.kafka.connect.json.JsonConverter",
                        "offset.storage.file.filename",
                        offsets.toString(),
                        "listeners",
                        "http://127.0.0.1:0")));
        Files.writeString(sink, properties(sinkSettings(schema, topic)));
        return JavaProcess.start(
                List.of(
                        "-Xmx1g",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        Files.readString(CLASS_PATH).strip(),
                        "org.apache.kafka.connect.cli.ConnectStandalone",
                        worker.toString(),
                        sink.toString()),
                Map.of(),
                servers.directory().resolve("connect.log"));
    }

    private static Map<String, String> sinkSettings(Schema schema, String topic) {
        return Map.ofEntries(
                Map.entry("name", "bench-" + UUID.randomUUID()),
                Map.entry("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector"),
                Map.entry("tasks.max", "1"),
                Map.entry("topics", topic),
                Map.entry("connection.url", "jdbc:" + schema.url()),
                Map.entry("connection.username", schema.user()),
                Map.entry("connection.password", schema.user()),
                Map.entry("insert.mode", "upsert"),
                Map.entry("primary.key.mode", "record_value"),
                Map.entry("primary.key.fields", "vendor_id,sku"),
                Map.entry("schema.evolution", "none"),
                Map.entry("collection.name.format", schema.name() + ".product"),
                Map.entry("batch.size", "2000"),
                Map.entry("use.reduction.buffer", "true"),
                Map.entry("dialect.postgres.unnest.insert.enabled", "true"),
                Map.entry("consumer.override.max.poll.records", "4000"),
                Map.entry("consumer.override.fetch.min.bytes", "1048576"),
                Map.entry("consumer.override.max.partition.fetch.bytes", "8388608"),
                // otherwise the last rows of the topic wait for half a second, to its disadvantage
                Map.entry("consumer.override.fetch.max.wait.ms", "20"));
    }

    private static String properties(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("\n"));
    }
}
