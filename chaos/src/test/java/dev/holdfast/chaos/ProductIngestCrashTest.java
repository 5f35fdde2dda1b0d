package dev.holdfast.chaos;

import dev.holdfast.local.demo.FeedGenerator;
import dev.holdfast.local.demo.FeedRecord;
import dev.holdfast.local.demo.FeedSettings;
import dev.holdfast.testkit.TestKafka;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductIngestCrashTest {
    private static final int PRODUCTS = Integer.getInteger("chaos.products", 10_000);

    @Test
    void killedTwiceDuringAFeedItEndsInTheSameState() throws Exception {
        // Given
        List<FeedRecord> feed = new FeedGenerator(new FeedSettings(
                        "K", List.of("acme", "globex", "initech"), PRODUCTS, 2 * PRODUCTS, 0.2, 0.2, 100, 1))
                .generate();
        try (var cluster = new Cluster()) {
            var kafka = new TestKafka(cluster.kafka());
            Publisher.publish(kafka, feed);

            // When
            cluster.startService();
            Expectations.awaitReceived(cluster, feed.size() / 4);
            cluster.service().kill();
            cluster.startService();
            Expectations.awaitReceived(cluster, feed.size() / 2);
            cluster.service().kill();
            cluster.startService();

            // Then
            Expectations.assertNothingLostNothingDoubled(cluster, feed);
            Expectations.assertEveryEventArrivesInOrder(cluster, kafka);
        }
    }
}
