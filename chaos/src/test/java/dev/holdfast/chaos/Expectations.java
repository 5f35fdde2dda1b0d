package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.demo.FeedGenerator;
import dev.holdfast.local.demo.FeedRecord;
import dev.holdfast.testkit.TestKafka;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;

/** What must hold once a feed is through, whatever happened on the way. */
final class Expectations {
    private static final String RECEIVED = "SELECT coalesce(sum(received), 0) FROM product.feed_partition";
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private Expectations() {}

    static void awaitReceived(Cluster cluster, long messages) {
        Awaitility.await()
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> cluster.count(RECEIVED) >= messages);
    }

    static void assertNothingLostNothingDoubled(Cluster cluster, List<FeedRecord> feed) throws SQLException {
        awaitReceived(cluster, feed.size());
        assertThat(cluster.count(RECEIVED)).as("each message counted once").isEqualTo(feed.size());
        assertThat(
                        cluster.count(
                                "SELECT sum(applied + unchanged + stale + duplicate + quarantined + waiting) FROM product.feed_partition"))
                .as("each with one outcome")
                .isEqualTo(feed.size());
        assertThat(cluster.count("SELECT sum(quarantined) FROM product.feed_partition"))
                .as("what cannot be applied, and nothing else, is set aside")
                .isEqualTo(feed.stream().filter(FeedRecord::isBroken).count())
                .isEqualTo(cluster.count("SELECT count(*) FROM product.quarantine"));
        assertThat(cluster.count("SELECT count(*) FROM product.waiting_message"))
                .as("no product claims the GTIN of another")
                .isZero();

        Map<String, Long> versions =
                cluster.numbers("SELECT vendor_id || ':' || sku, src_version FROM product.product");
        assertThat(versions.equals(FeedGenerator.highestVersions(feed)))
                .as("the catalogue is the fold by highest version")
                .isTrue();
    }

    static void assertEveryEventArrivesInOrder(Cluster cluster, TestKafka kafka) throws SQLException {
        assertEveryEventArrivesInOrder(
                cluster,
                kafka,
                "product",
                "product.events",
                "SELECT vendor_id || ':' || sku, row_version FROM product.product");
    }

    /**
     * Events of one key arrive with versions 1, 2, 3 and so on; after a crash some come again, none is skipped.
     *
     * @param latest the keys and the versions of their last changes
     */
    static void assertEveryEventArrivesInOrder(
            Cluster cluster, TestKafka kafka, String schema, String topic, String latest) throws SQLException {
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> cluster.count("SELECT count(*) FROM %s.outbox".formatted(schema)) == 0);
        Map<String, Long> newest = new HashMap<>();
        for (ConsumerRecord<String, byte[]> event : kafka.readAll(topic)) {
            long version = Long.parseLong(
                    new String(event.headers().lastHeader("ce_aggregateversion").value(), StandardCharsets.UTF_8));
            long before = newest.getOrDefault(event.key(), 0L);
            assertThat(version).as("%s after %d", event.key(), before).isLessThanOrEqualTo(before + 1);
            newest.put(event.key(), Math.max(before, version));
        }
        assertThat(newest.equals(cluster.numbers(latest)))
                .as("the last event of each key is its last change")
                .isTrue();
    }
}
