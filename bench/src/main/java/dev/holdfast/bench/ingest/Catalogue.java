package dev.holdfast.bench.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.bench.Schema;
import dev.holdfast.local.demo.FeedRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

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
            SELECT coalesce(sum(received), 0), coalesce(sum(applied + unchanged + stale + duplicate), 0)
              FROM feed_partition WHERE topic = ?
            """;

    record Counters(long received, long good) {}

    Counters counters(Connection connection, String topic) throws SQLException {
        try (var statement = connection.prepareStatement(COUNTERS)) {
            statement.setString(1, topic);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return new Counters(rows.getLong(1), rows.getLong(2));
            }
        }
    }

    /** Fails unless every message has its outcome and every product stands as its highest version says. */
    void check(Feed feed, String topic) throws SQLException {
        long due = Feed.WARM_UP + Feed.COUNTED;
        Map<String, JsonNode> stored = new HashMap<>();
        try (Connection connection = schema.connect()) {
            Counters counters = counters(connection, topic);
            if (counters.received() != due || counters.good() != due) {
                throw new IllegalStateException("Of %d messages, %s".formatted(due, counters));
            }
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(PRODUCTS)) {
                while (rows.next()) {
                    stored.put(rows.getString(1), parse(rows.getString(2)));
                }
            }
        }
        compare(fold(feed), stored);
    }

    private static Map<String, FeedRecord> fold(Feed feed) {
        return feed.all()
                .collect(Collectors.toMap(
                        FeedRecord::key,
                        message -> message,
                        BinaryOperator.maxBy(Comparator.comparingLong(FeedRecord::version))));
    }

    private static void compare(Map<String, FeedRecord> expected, Map<String, JsonNode> stored) {
        if (stored.size() != expected.size()) {
            throw new IllegalStateException("%d products instead of %d".formatted(stored.size(), expected.size()));
        }
        expected.forEach((id, message) -> {
            if (!parse(message.value()).equals(stored.get(id))) {
                throw new IllegalStateException("%s is %s instead of %s".formatted(id, stored.get(id), message));
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
