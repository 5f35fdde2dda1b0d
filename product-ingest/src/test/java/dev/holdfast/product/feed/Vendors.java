package dev.holdfast.product.feed;

import dev.holdfast.product.ProductConfig;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.List;

/** Lets the tests of other features send messages as vendors do, by HTTP, to a schema of their own. */
public final class Vendors implements AutoCloseable {
    private final FeedFixture feed;

    /** @param schema is migrated */
    public Vendors(TestSchema schema) {
        feed = new FeedFixture(schema);
    }

    public static ProductConfig config() {
        return FeedFixture.config();
    }

    public static String upsert(String vendor, String sku, long version, String name) {
        return FeedFixture.upsert(vendor, sku, version, name);
    }

    public static String withGtin(String vendor, String sku, long version, String gtin) {
        return FeedFixture.withGtin(vendor, sku, version, gtin);
    }

    public static String delete(String vendor, String sku, long version) {
        return FeedFixture.delete(vendor, sku, version);
    }

    /** @return the outcomes, in words */
    public List<String> send(String... messages) {
        return feed.post(List.of(messages)).stream().map(Outcome::label).toList();
    }

    /** What became of a message. */
    public List<Receipt.Fate> fates(String vendor, String sku, long version) {
        return FeedFixture.await(ReceiptStore.fates(feed.pool, vendor, sku, version, "vendor.products"));
    }

    public Pool pool() {
        return feed.pool;
    }

    /** Each row as one text, columns separated by a blank. */
    public List<String> query(String sql) {
        return feed.query(sql);
    }

    @Override
    public void close() {
        feed.close();
    }
}
