package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.demo.FeedGenerator;
import dev.holdfast.local.demo.FeedRecord;
import dev.holdfast.local.demo.FeedSettings;
import dev.holdfast.testkit.TestKafka;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductIngestOutageTest {
    @Test
    void withoutPostgresAndThenWithoutKafkaItSaysSoLosesNothingAndRecovers() throws Exception {
        // Given
        List<FeedRecord> feed = new FeedGenerator(
                        new FeedSettings("O", List.of("acme", "globex", "initech"), 10_000, 20_000, 0.2, 0.2, 50, 2))
                .generate();
        List<FeedRecord> first = feed.subList(0, feed.size() / 2);
        List<FeedRecord> second = feed.subList(feed.size() / 2, feed.size());
        try (var cluster = new Cluster()) {
            var kafka = new TestKafka(cluster.kafka());
            cluster.startService();

            // When PostgreSQL goes away in the middle of the feed
            Publisher.publish(kafka, first);
            Expectations.awaitReceived(cluster, first.size() / 3);
            cluster.stopPostgres();
            cluster.service().awaitReadiness(503);
            assertThat(cluster.service().readiness().body()).contains("PostgreSQL");
            cluster.startPostgres();
            cluster.service().awaitReadiness(200);
            Expectations.awaitReceived(cluster, first.size());

            // And Kafka after that
            cluster.stopKafka();
            cluster.service().awaitReadiness(503);
            assertThat(cluster.service().readiness().body()).contains("Kafka");
            cluster.startKafka();
            cluster.service().awaitReadiness(200);
            Publisher.publish(kafka, second);

            // Then
            Expectations.assertNothingLostNothingDoubled(cluster, feed);
            Expectations.assertEveryEventArrivesInOrder(cluster, kafka);
            assertThat(cluster.service().isAlive()).isTrue();
        }
    }
}
