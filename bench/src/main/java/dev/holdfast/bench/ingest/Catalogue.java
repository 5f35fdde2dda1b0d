package dev.holdfast.bench.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** What the database holds, against what the feed says it must hold. */
record Catalogue(Schema schema) {
    private static final JsonMapper JSON = new JsonMapper();

    private static final String PRODUCTS = """
            SELECT vendor_id || ':' || sku, json_build_object('vendor', vendor_id, 'sku', sku, 'version', src_version,
                     'op', 'upsert', 'gtin', gtin, 'name', name, 'price',
                     json_build_object('amountMinor', price_minor, 'currency', currency), 'attributes', attributes)
              FROM product WHERE state = 'live'
            """;

    private static final String COUNTERS = """
            SELECT coalesce(sum(received), 0), coalesce(sum(applied), 0), coalesce(sum(stale), 0),
                   coalesce(sum(waiting), 0), coalesce(sum(quarantined), 0)
              FROM feed_partition WHERE topic = ?
            """;

    private static final String VERSION = """
            SELECT src_version FROM product WHERE vendor_id = ? AND sku = ?
            """;

    record Counters(long received, long applied, long stale, long waiting, long quarantined) {}

    /** An empty one, with the service's own scripts. */
    static Catalogue fresh(Servers servers) {
        return new Catalogue(Schema.fresh(servers, "product", "db/platform", "db/migration"));
    }

    Counters counters(Connection connection, String topic) throws SQLException {
        try (var statement = connection.prepareStatement(COUNTERS)) {
            statement.setString(1, topic);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return new Counters(
                        rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4), rows.getLong(5));
            }
        }
    }

    /** Whether it holds the product in this version or a newer one. */
    static boolean shows(Connection connection, Item item) throws SQLException {
        try (var statement = connection.prepareStatement(VERSION)) {
            statement.setString(1, item.vendor());
            statement.setString(2, item.sku());
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getLong(1) >= item.version();
            }
        }
    }

    /** Fails unless each message was applied or found stale, as it had to be. */
    void checkCounters(Feed feed, String topic) throws SQLException {
        long all = Feed.count(feed.parts());
        var due = new Counters(all, feed.changes(), feed.stale(), 0, 0);
        try (Connection connection = schema.connect()) {
            Counters counters = counters(connection, topic);
            if (!counters.equals(due)) {
                throw new IllegalStateException("%s instead of %s".formatted(counters, due));
            }
        }
    }

    /** Fails unless each change left its history and each stale message its receipt, or neither left anything. */
    void checkHistory(Feed feed, boolean kept) throws SQLException {
        checkCount("product_history", kept ? feed.updates() : 0);
        checkCount("receipt", kept ? feed.stale() : 0);
    }

    /** Fails unless the table has this many rows. */
    void checkCount(String table, long due) throws SQLException {
        try (Connection connection = schema.connect()) {
            long found = count(connection, table);
            if (found != due) {
                throw new IllegalStateException("%d rows in %s instead of %d".formatted(found, table, due));
            }
        }
    }

    static long count(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Fails unless every product stands as its highest version says. */
    void checkProducts(Map<String, Item> expected) throws SQLException {
        Map<String, JsonNode> stored = new HashMap<>();
        try (Connection connection = schema.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(PRODUCTS)) {
            while (rows.next()) {
                stored.put(rows.getString(1), parse(rows.getString(2)));
            }
        }
        if (stored.size() != expected.size()) {
            throw new IllegalStateException("%d products instead of %d".formatted(stored.size(), expected.size()));
        }
        expected.forEach((key, item) -> {
            if (!parse(item.json()).equals(stored.get(key))) {
                throw new IllegalStateException("%s is %s instead of %s".formatted(key, stored.get(key), item));
            }
        });
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(json, impossible);
        }
    }
}
