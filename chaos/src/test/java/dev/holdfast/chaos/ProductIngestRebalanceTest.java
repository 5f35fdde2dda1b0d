package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.demo.FeedGenerator;
import dev.holdfast.local.demo.FeedRecord;
import dev.holdfast.local.demo.FeedSettings;
import dev.holdfast.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Instances come, go, die and sleep while a feed is under way. One sleeps past its session's end with batches in its
 * hands; when it wakes up, it goes on as if it owned its partitions still, and must not get through.
 */
class ProductIngestRebalanceTest {
    private static final int PRODUCTS_PER_ACT = Integer.getInteger("chaos.products", 10_000);
    private static final Map<String, String> SHORT_SESSION = Map.of("PRODUCT_FEED_SESSION_TIMEOUT", "6s");
    private static final Map<String, String> SLEEPER = Map.of(
            "PRODUCT_FEED_SESSION_TIMEOUT", "6s",
            "QUARKUS_DATASOURCE_REACTIVE_ADDITIONAL_PROPERTIES_APPLICATION_NAME", "sleeper");
    private static final String BATCHES_HELD =
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    /** Sleeping or not, in the midst of a batch. */
    private static final String SLEEPERS_BATCHES_HELD = """
            SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
             WHERE locktype = 'advisory' AND NOT granted AND application_name = 'sleeper'
            """;

    private static final String PARTITIONS = "SELECT count(*) FROM product.feed_partition";
    private static final String OWNERS_SO_FAR = "SELECT sum(epoch) FROM product.feed_partition";

    private final List<FeedRecord> feed = new ArrayList<>();

    @Test
    void nothingIsLostOrDoubledWhileInstancesComeGoAndSleep() throws Exception {
        try (var cluster = new Cluster()) {
            var kafka = new TestKafka(cluster.kafka());

            // Given two instances at work
            publish(kafka, "a");
            List<Instance> two = cluster.startOthers(List.of(SHORT_SESSION, SLEEPER));
            Instance first = two.getFirst();
            Instance sleeper = two.getLast();
            publish(kafka, "b");
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> sleeper.metric("holdfast_feed_batch_size_count") > 0);

            // When one falls asleep with a batch under way in each of its partitions, until the other has taken over
            try (var _ = cluster.holdBatches()) {
                publish(kafka, "c");
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> cluster.count(BATCHES_HELD) == cluster.count(PARTITIONS)
                                && cluster.count(SLEEPERS_BATCHES_HELD) > 0);
                long owners = cluster.count(OWNERS_SO_FAR);
                sleeper.process().pause();
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cluster.count(OWNERS_SO_FAR) > owners);
                assertThat(cluster.count(SLEEPERS_BATCHES_HELD))
                        .as("batches of the sleeper that go on under its old claim")
                        .isPositive();
            }
            publish(kafka, "d");
            Expectations.awaitReceived(cluster, feed.size());
            publish(kafka, "e");
            sleeper.process().resume();

            // And others join and leave, one properly, one not
            Instance joiner = cluster.startAnother(SHORT_SESSION);
            publish(kafka, "f");
            joiner.process().stop();
            Instance second = cluster.startAnother(SHORT_SESSION);
            publish(kafka, "g");
            second.kill();
            first.process().stop();

            // Then
            Expectations.assertNothingLostNothingDoubled(cluster, feed);
            Expectations.assertEveryEventArrivesInOrder(cluster, kafka);
            assertThat(sleeper.isAlive()).isTrue();
            assertThat(sleeper.metric("holdfast_feed_fenced_total"))
                    .as("batches that the sleeper tried to apply under its old claim")
                    .isPositive();
        }
    }

    private void publish(TestKafka kafka, String act) throws Exception {
        List<FeedRecord> part = new FeedGenerator(new FeedSettings(
                        act,
                        List.of("acme", "globex", "initech"),
                        PRODUCTS_PER_ACT,
                        PRODUCTS_PER_ACT,
                        0.2,
                        0.2,
                        10,
                        feed.size() + 1))
                .generate();
        feed.addAll(part);
        Publisher.publish(kafka, part);
    }
}
