package dev.holdfast.bench.ingest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What most would write first: a statement per message, in autocommit, guarded by the version. The table and its rules
 * are the service's; it keeps no history, no receipts, no position, and tells nobody.
 */
final class RowByRow implements AutoCloseable {
    private static final int WARM_UP_PRODUCTS = Scale.of(2_000);
    private static final int PRODUCTS = Scale.of(10_000);
    private static final int HASH_BYTES = 16;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final String UPSERT = """
            INSERT INTO product AS p (vendor_id, sku, src_version, content_hash, content_version, state, gtin, name,
                                      price_minor, currency, attributes)
            VALUES (?, ?, ?, ?, ?, 'live', ?, ?, ?, ?, ?::jsonb)
            ON CONFLICT (vendor_id, sku) DO UPDATE
               SET src_version = excluded.src_version, content_hash = excluded.content_hash,
                   content_version = excluded.content_version, row_version = p.row_version + 1,
                   updated_at = clock_timestamp(), gtin = excluded.gtin, name = excluded.name,
                   price_minor = excluded.price_minor, currency = excluded.currency, attributes = excluded.attributes
             WHERE p.src_version < excluded.src_version
            """;

    private final Connection connection;
    private final PreparedStatement statement;
    private final MessageDigest digest;

    /** Takes the connection over. */
    RowByRow(Connection connection) throws SQLException {
        this.connection = connection;
        this.statement = connection.prepareStatement(UPSERT);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    void apply(byte[] message) throws SQLException, IOException {
        JsonNode json = JSON.readTree(message);
        statement.setString(1, json.get("vendor").textValue());
        statement.setString(2, json.get("sku").textValue());
        statement.setLong(3, json.get("version").longValue());
        statement.setBytes(4, Arrays.copyOf(digest.digest(message), HASH_BYTES));
        statement.setLong(5, json.get("version").longValue());
        statement.setString(6, json.get("gtin").textValue());
        statement.setString(7, json.get("name").textValue());
        statement.setLong(8, json.get("price").get("amountMinor").longValue());
        statement.setString(9, json.get("price").get("currency").textValue());
        statement.setString(10, json.get("attributes").toString());
        statement.executeUpdate();
    }

    /** The rates of new ones and of updates. It is the rate that counts, so there are fewer of them. */
    static List<Run> measure(Servers servers, Catalogue catalogue, int connections)
            throws SQLException, InterruptedException, ExecutionException {
        var newOnes = new Part(0, PRODUCTS, 1);
        var updates = new Part(0, PRODUCTS, 2);
        var writers = new ArrayList<RowByRow>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (int i = 0; i < connections; i++) {
                writers.add(new RowByRow(catalogue.schema().connect()));
            }
            servers.checkpoint();
            measure(new Part(PRODUCTS, WARM_UP_PRODUCTS, 1), writers, threads);
            measure(new Part(PRODUCTS, WARM_UP_PRODUCTS, 2), writers, threads);
            List<Run> runs = List.of(measure(newOnes, writers, threads), measure(updates, writers, threads));
            Map<String, Item> due = updates.items().collect(Collectors.toMap(Item::key, Function.identity()));
            new Part(PRODUCTS, WARM_UP_PRODUCTS, 2).items().forEach(item -> due.put(item.key(), item));
            catalogue.checkProducts(due);
            return runs;
        } finally {
            for (RowByRow writer : writers) {
                writer.close();
            }
        }
    }

    private static Run measure(Part part, List<RowByRow> writers, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        Map<Integer, List<byte[]>> messages = part.items()
                .collect(Collectors.groupingBy(
                        item -> item.partition(writers.size()), Collectors.mapping(Item::bytes, Collectors.toList())));
        var stopwatch = new Stopwatch();
        var running = new ArrayList<Future<?>>();
        messages.forEach((partition, own) -> running.add(threads.submit(() -> {
            for (byte[] message : own) {
                writers.get(partition).apply(message);
            }
            return null;
        })));
        for (Future<?> one : running) {
            one.get();
        }
        return stopwatch.stop(part.count());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
