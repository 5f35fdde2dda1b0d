package dev.holdfast.product.feed;

import dev.holdfast.product.ProductConfig;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The service's end of {@code vendor.products}: hands each partition's records to its {@link PartitionFeed}. */
@ApplicationScoped
@Identifier(VendorFeed.CHANNEL) class VendorFeed implements KafkaConsumerRebalanceListener {
    static final String CHANNEL = "vendor-products";

    private final Pool pool;
    private final FeedService service;
    private final MessageParser parser;
    private final FeedMetrics metrics;
    private final ProductConfig config;
    private final Clock clock;
    private final KafkaClientService clients;
    private final Map<TopicPartition, PartitionFeed> partitions = new ConcurrentHashMap<>();

    VendorFeed(
            Pool pool,
            FeedService service,
            MessageParser parser,
            FeedMetrics metrics,
            ProductConfig config,
            Clock clock,
            KafkaClientService clients) {
        this.pool = pool;
        this.service = service;
        this.parser = parser;
        this.metrics = metrics;
        this.config = config;
        this.clock = clock;
        this.clients = clients;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        assigned.forEach(partition -> partitions.put(partition, open(partition)));
    }

    /** Also called when partitions are lost, that is, when it is too late to do anything for them. */
    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
        revoked.forEach(partition -> {
            PartitionFeed feed = partitions.remove(partition);
            if (feed != null) {
                feed.revoke();
            }
        });
    }

    /** Partitions go on side by side, the records of one in order. */
    @Incoming(CHANNEL)
    Uni<Void> take(ConsumerRecords<byte[], byte[]> records) {
        var taken = new ArrayList<Uni<Void>>();
        for (TopicPartition partition : records.partitions()) {
            PartitionFeed feed = partitions.get(partition);
            if (feed != null) {
                taken.add(feed.take(records.records(partition)));
            }
        }
        return taken.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join().all(taken).andCollectFailures().replaceWithVoid();
    }

    private PartitionFeed open(TopicPartition partition) {
        return new PartitionFeed(
                partition, pool, service, parser, metrics, config.feed(), clock, offset -> seek(partition, offset));
    }

    private Uni<Void> seek(TopicPartition partition, long offset) {
        return clients.<byte[], byte[]>getConsumer(CHANNEL).runOnPollingThread((Consumer<byte[], byte[]> consumer) -> {
            if (consumer.assignment().contains(partition)) {
                consumer.seek(partition, offset);
            }
        });
    }
}
