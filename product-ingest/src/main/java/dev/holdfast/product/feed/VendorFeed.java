package dev.holdfast.product.feed;

import dev.holdfast.product.ProductConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The service's end of {@code vendor.products}: one thread fetches and puts each partition's records into its buffer,
 * and a {@link PartitionFeed} per partition takes them out. A partition whose buffer is full, which has not been claimed
 * yet or which is paused is not fetched, while the others go on and membership in the group is kept up.
 */
@ApplicationScoped
class VendorFeed implements ConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(VendorFeed.class);
    private static final int FETCH_BYTES_MIN = 16 * 1024;
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final Duration HINT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration BROKEN_DELAY = Duration.ofSeconds(2);

    private final PartitionFeed.Surroundings surroundings;
    private final Map<String, Object> kafka;
    private final MeterRegistry meters;
    private final Map<TopicPartition, Assigned> partitions = new ConcurrentHashMap<>();
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Thread fetcher = Thread.ofPlatform().name("vendor-feed").unstarted(this::fetch);

    private final Phaser polls = new Phaser(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile boolean stopped;
    private final Map<TopicPartition, OffsetAndMetadata> hinted = new HashMap<>();
    private long hintedAt = System.nanoTime();

    private record Assigned(PartitionFeed feed, Thread thread) {}

    VendorFeed(
            PartitionFeed.Surroundings surroundings,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            MeterRegistry meters) {
        this.surroundings = surroundings;
        this.kafka = kafka;
        this.meters = meters;
    }

    void start(@Observes StartupEvent started) {
        fetcher.start();
    }

    /** Before the pool of connections closes. */
    void stop(@Observes @Priority(1) ShutdownEvent stopping) throws InterruptedException {
        stopped = true;
        wake();
        fetcher.join(Duration.ofSeconds(5));
    }

    private void fetch() {
        while (!stopped) {
            try (var opened = new KafkaConsumer<byte[], byte[]>(settings());
                    var metrics = new KafkaClientMetrics(opened)) {
                metrics.bindTo(meters);
                consumer = opened;
                opened.subscribe(List.of(config().topic()), this);
                while (!stopped) {
                    step(opened);
                }
            } catch (KafkaException | IllegalStateException broken) {
                LOG.errorf(broken, "The consumer of %s ended, another one follows", config().topic());
                LockSupport.parkNanos(BROKEN_DELAY.toNanos());
            } finally {
                consumer = null;
                revoke(Set.copyOf(partitions.keySet()));
            }
        }
    }

    private void step(KafkaConsumer<byte[], byte[]> opened) {
        try {
            ConsumerRecords<byte[], byte[]> records = opened.poll(POLL_TIMEOUT);
            for (TopicPartition partition : records.partitions()) {
                Assigned assigned = partitions.get(partition);
                if (assigned != null) {
                    assigned.feed().buffer().add(records.records(partition));
                }
            }
        } catch (WakeupException commandsWait) {
            LOG.tracef("Woken for %d commands", commands.size());
        }
        polls.arrive();
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        partitions.forEach((partition, assigned) -> {
            if (assigned.feed().buffer().hasEnough()) {
                opened.pause(Set.of(partition));
            }
            assigned.feed().lagBehind(opened.currentLag(partition).orElse(0));
        });
        if (System.nanoTime() - hintedAt > HINT_INTERVAL.toNanos()) {
            hintedAt = System.nanoTime();
            hint(opened);
        }
    }

    /** Tells Kafka how far we are, for people who watch lag. What counts is in the database. */
    private void hint(KafkaConsumer<byte[], byte[]> opened) {
        Map<TopicPartition, OffsetAndMetadata> applied = partitions.entrySet().stream()
                .filter(entry -> entry.getValue().feed().appliedOffset() >= 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new OffsetAndMetadata(entry.getValue().feed().appliedOffset())));
        applied.entrySet().removeIf(entry -> entry.getValue().equals(hinted.put(entry.getKey(), entry.getValue())));
        if (!applied.isEmpty()) {
            opened.commitAsync(applied, (offsets, failure) -> {
                if (failure != null) {
                    LOG.debugf("Kafka did not take our positions: %s", failure.getMessage());
                }
            });
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, config().group());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_BYTES_MIN);
        settings.put(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                Math.toIntExact(config().fetchWait().toMillis()));
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4 * config().batchSizeMax());
        settings.put(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Math.toIntExact(config().sessionTimeout().toMillis()));
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        return settings;
    }

    private ProductConfig.Feed config() {
        return surroundings.config();
    }

    /** None is fetched before its feed has claimed it and said from where. */
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        Objects.requireNonNull(consumer).pause(assigned);
        assigned.forEach(this::assign);
    }

    private void assign(TopicPartition partition) {
        var feed = new PartitionFeed(partition, surroundings, new FetchedBy(partition));
        Thread thread = Thread.ofVirtual().name("feed-" + partition).unstarted(feed);
        partitions.put(partition, new Assigned(feed, thread));
        thread.start();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        revoke(revoked);
    }

    /** It is too late to do anything for them; whatever is under way is stopped by the epoch of the new owner. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        revoke(lost);
    }

    private void revoke(Collection<TopicPartition> revoked) {
        for (TopicPartition partition : revoked) {
            hinted.remove(partition);
            Assigned assigned = partitions.remove(partition);
            if (assigned != null) {
                assigned.thread().interrupt();
            }
        }
    }

    private void wake() {
        KafkaConsumer<byte[], byte[]> opened = consumer;
        if (opened != null) {
            opened.wakeup();
        }
    }

    /** How a partition's feed reaches the consumer. */
    private final class FetchedBy implements PartitionFeed.Source {
        private final TopicPartition partition;

        FetchedBy(TopicPartition partition) {
            this.partition = partition;
        }

        @Override
        public void seek(long offset) {
            onFetcher((opened, feed) -> {
                opened.seek(partition, offset);
                opened.resume(Set.of(partition));
                feed.buffer().open();
            });
        }

        @Override
        public void resume() {
            onFetcher((opened, feed) -> opened.resume(Set.of(partition)));
        }

        /** The first to end may have begun before. */
        @Override
        public void awaitPoll() throws InterruptedException {
            int phase = polls.getPhase();
            polls.awaitAdvanceInterruptibly(phase);
            polls.awaitAdvanceInterruptibly(phase + 1);
        }

        private void onFetcher(BiConsumer<KafkaConsumer<byte[], byte[]>, PartitionFeed> command) {
            Thread caller = Thread.currentThread();
            commands.add(() -> {
                Assigned assigned = partitions.get(partition);
                KafkaConsumer<byte[], byte[]> opened = consumer;
                if (assigned != null && assigned.thread().equals(caller) && opened != null) {
                    command.accept(opened, assigned.feed());
                }
            });
            wake();
        }
    }
}
