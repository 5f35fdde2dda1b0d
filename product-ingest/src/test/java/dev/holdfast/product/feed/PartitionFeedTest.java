package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A partition's feed over a real database; the log that it reads from is a list. */
@ExtendWith(HoldfastExtension.class)
class PartitionFeedTest {
    private static final TopicPartition PARTITION = new TopicPartition("vendor.products", 0);

    private FeedFixture fixture;
    private final List<FeedMessage> deadLetters = new CopyOnWriteArrayList<>();
    private final AtomicInteger surprises = new AtomicInteger();
    private Duration deadLetterDelay = Duration.ZERO;
    private final Log log = new Log();
    private Thread thread;

    @BeforeEach
    void open(TestSchema schema) {
        fixture = new FeedFixture(schema);
    }

    @AfterEach
    void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
        fixture.close();
    }

    /** What stands for the consumer: fetches all there is, from where it is sent to, be it some time later. */
    private static final class Log implements PartitionFeed.Source {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final List<Long> sought = new CopyOnWriteArrayList<>();
        private long end;
        private volatile Duration seekDelay = Duration.ZERO;
        private final AtomicInteger polls = new AtomicInteger();
        private PartitionFeed feed;

        synchronized void append(String... messages) {
            List<ConsumerRecord<byte[], byte[]>> appended = new ArrayList<>();
            for (String message : messages) {
                appended.add(new ConsumerRecord<>(
                        PARTITION.topic(),
                        PARTITION.partition(),
                        end++,
                        null,
                        message.getBytes(StandardCharsets.UTF_8)));
            }
            records.addAll(appended);
            if (feed != null) {
                feed.buffer().add(appended);
            }
        }

        /** As if these offsets had been compacted away. */
        synchronized void skip(int offsets) {
            end += offsets;
        }

        @Override
        public void seek(long offset) {
            sought.add(offset);
            if (seekDelay.isZero()) {
                go(offset);
            } else {
                CompletableFuture.delayedExecutor(seekDelay.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> go(offset));
            }
        }

        private synchronized void go(long offset) {
            feed.buffer().open();
            boolean beyondTheEnd = offset > end;
            feed.buffer()
                    .add(records.stream()
                            .filter(message -> beyondTheEnd || message.offset() >= offset)
                            .toList());
        }

        @Override
        public void resume() {}

        @Override
        public void awaitPoll() {
            polls.incrementAndGet();
        }
    }

    private void start(Map<String, String> settings) {
        var feed = new PartitionFeed(
                PARTITION,
                new PartitionFeed.Surroundings(
                        fixture.pool,
                        fixture.service,
                        fixture.parser,
                        batch -> {
                            if (surprises.getAndDecrement() > 0) {
                                throw new IllegalStateException("nobody foresaw this");
                            }
                            batch.messages().stream()
                                    .filter(message ->
                                            message.parsed() instanceof Rejection rejection && rejection.isUnreadable())
                                    .forEach(deadLetters::add);
                            return deadLetterDelay.isZero()
                                    ? Uni.createFrom().voidItem()
                                    : Uni.createFrom()
                                            .voidItem()
                                            .onItem()
                                            .delayIt()
                                            .by(deadLetterDelay);
                        },
                        fixture.metrics,
                        FeedFixture.config(settings).feed(),
                        fixture.clock),
                log);
        log.feed = feed;
        thread = Thread.ofVirtual().start(feed);
    }

    private FeedPartition partition() {
        return fixture.partition(PARTITION.topic(), PARTITION.partition());
    }

    private void awaitOffset(long offset) {
        await().until(() -> await(PartitionStore.find(fixture.pool, PARTITION))
                .filter(found -> found.nextOffset() == offset)
                .isPresent());
    }

    private void awaitPause(String reason) {
        await().until(() -> await(PartitionStore.find(fixture.pool, PARTITION))
                .filter(found ->
                        found.pausedReason() != null && found.pausedReason().startsWith(reason))
                .isPresent());
    }

    private static String[] products(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> upsert("acme", "S" + i, 1, "name"))
                .toArray(String[]::new);
    }

    private static String[] rubbish(int count) {
        return Collections.nCopies(count, "rubbish").toArray(String[]::new);
    }

    @Test
    void goesOnWhereTheDatabaseSaysItStands() {
        // Given someone has been here before
        fixture.apply(fixture.claim(PARTITION.topic(), PARTITION.partition()), 0, List.of(products(0, 3)));
        log.append(products(0, 5));

        // When
        start(Map.of());

        // Then
        awaitOffset(5);
        assertThat(log.sought).containsExactly(3L);
        assertThat(partition().epoch()).isEqualTo(2);
        assertThat(partition().received()).isEqualTo(5);
    }

    @Test
    void offsetsThatAreGoneAreCountedAsSkipped() {
        log.append(products(0, 2));
        log.skip(7);
        log.append(products(2, 4));

        start(Map.of());

        awaitOffset(11);
        assertThat(partition().skipped()).isEqualTo(7);
        assertThat(partition().received()).isEqualTo(4);
    }

    @Test
    void aTopicThatBeginsAnewIsNotTakenForTheOldOne() {
        // Given
        fixture.apply(fixture.claim(PARTITION.topic(), PARTITION.partition()), 0, List.of(products(0, 10)));
        log.append(products(10, 13));

        // When
        start(Map.of());

        // Then it asks instead of dropping them as known
        awaitPause("the topic begins anew at offset 0");
        assertThat(partition().received()).isEqualTo(10);

        // When someone says that it is right
        await(PartitionStore.rewind(fixture.pool, PARTITION, 0));

        // Then
        awaitOffset(3);
        assertThat(partition().received()).isEqualTo(13);
        assertThat(partition().rewound()).isEqualTo(10);
    }

    @Test
    void theBreakerStopsAFeedThatWouldDrainIntoQuarantine() {
        // Given
        log.append(products(0, 50));
        log.append(rubbish(400));

        // When
        start(Map.of("product.feed.batch-size-max", "50", "product.feed.breaker.window", "100"));

        // Then
        awaitPause("breaker: ");
        FeedPartition paused = partition();
        assertThat(paused.quarantined()).isBetween(50L, 200L);
        assertThat(fixture.meters.counter("holdfast.feed.breaker.trips").count())
                .isEqualTo(1);
        assertThat(deadLetters).hasSizeBetween(50, 250);
    }

    @Test
    void afterTheBreakersDelayItTriesAgainByItself() {
        // Given
        log.append(rubbish(100));
        log.append(products(0, 50));

        // When
        start(Map.of(
                "product.feed.batch-size-max", "50",
                "product.feed.breaker.window", "100",
                "product.feed.breaker.delay", "1s"));

        // Then
        awaitOffset(150);
        assertThat(partition().applied()).isEqualTo(50);
        await().until(() -> partition().pausedReason() == null);
    }

    @Test
    void aPauseByHandHoldsUntilSomeoneResumesIt() {
        // Given
        start(Map.of());
        log.append(products(0, 5));
        awaitOffset(5);

        // When
        await(PartitionStore.pause(fixture.pool, PARTITION, "maintenance"));
        log.append(products(5, 9));

        // Then the owner is fenced off, asks Kafka before it comes back, and waits
        await().until(() -> log.polls.get() == 1 && partition().epoch() == 3);
        assertThat(partition().received()).isEqualTo(5);

        // When
        await(PartitionStore.resume(fixture.pool, PARTITION));

        // Then
        awaitOffset(9);
        assertThat(partition().received()).isEqualTo(9);
    }

    @Test
    void readAgainFromTheStartEverythingIsADuplicateAndNothingChanges() {
        // Given
        start(Map.of());
        log.append(products(0, 20));
        log.append("rubbish");
        awaitOffset(21);
        List<String> before = fixture.query("SELECT * FROM product ORDER BY sku");

        // When
        await(PartitionStore.rewind(fixture.pool, PARTITION, 0));
        log.append(products(20, 21));

        // Then
        await().until(() -> partition().received() == 43);
        assertThat(partition().duplicate()).isEqualTo(20);
        assertThat(partition().quarantined()).isEqualTo(2);
        assertThat(fixture.query("SELECT * FROM product WHERE sku <> 'S20' ORDER BY sku"))
                .isEqualTo(before);
        assertThat(fixture.query("SELECT count(*) FROM outbox")).containsExactly("21");
        assertThat(fixture.query("SELECT count(*) FROM quarantine")).containsExactly("1");
    }

    @Test
    void whatWasFetchedBeforeANewClaimIsReadAgainFromWhereTheClaimSays() {
        // Given the consumer does not go elsewhere at once
        start(Map.of("product.feed.batch-size-min", "2", "product.feed.batch-size-max", "2"));
        log.append(products(0, 5));
        awaitOffset(5);
        log.seekDelay = Duration.ofMillis(500);

        // When much is in the buffer of a feed whose claim is gone
        await(PartitionStore.rewind(fixture.pool, PARTITION, 3));
        log.append(products(5, 40));

        // Then
        awaitOffset(40);
        assertThat(partition().pausedReason()).isNull();
        assertThat(partition().skipped()).isZero();
        assertThat(partition().received()).isEqualTo(42);
        assertThat(partition().duplicate()).isEqualTo(2);
    }

    @Test
    void anOutageHoldsItUpAndLosesNothing() {
        // Given
        start(Map.of());
        log.append(products(0, 5));
        awaitOffset(5);

        // When
        fixture.schema.execute("ALTER TABLE product RENAME TO gone");
        log.append(products(5, 10));
        await().until(() -> fixture.meters.find("holdfast.feed.failures").counter() != null
                && fixture.meters.counter("holdfast.feed.failures").count() >= 2);
        fixture.schema.execute("ALTER TABLE gone RENAME TO product");

        // Then
        awaitOffset(10);
        assertThat(partition().applied()).isEqualTo(10);
        assertThat(partition().quarantined()).isZero();
    }

    @Test
    void aSurpriseIsLoggedAndTheFeedBeginsAgain() {
        // Given
        surprises.set(1);
        log.append(products(0, 5));

        // When
        start(Map.of("product.feed.retry-delay-max", "100ms"));

        // Then
        awaitOffset(5);
        assertThat(partition().received()).isEqualTo(5);
        assertThat(partition().epoch()).isEqualTo(2);
        assertThat(fixture.meters.counter("holdfast.feed.failures").count()).isEqualTo(1);
    }

    @Test
    void aBatchIsNotSmallerBecauseItsAnswerLayUnread() {
        // Given the next batch takes long before it is sent, while the last one is done
        deadLetterDelay = Duration.ofSeconds(1);
        log.append(products(0, 150));

        // When
        start(Map.of(
                "product.feed.batch-size-min", "5",
                "product.feed.batch-size-max", "50",
                "product.feed.transaction-time-max", "500ms"));

        // Then
        awaitOffset(150);
        assertThat(fixture.meters.summary("holdfast.feed.batch.size").count()).isEqualTo(3);
    }

    @Test
    void theWorstVendorOfAFloodLetsOthersPass() {
        // Given it is far behind
        start(Map.of("product.feed.fairness.window", "50", "product.feed.fairness.share-max", "0.5"));
        log.feed.lagBehind(1_000_000);

        // When
        log.append(products(0, 90));
        log.append(upsert("globex", "A", 1, "name"));
        awaitOffset(91);
        log.append(products(90, 100));
        log.append(upsert("globex", "B", 1, "name"));
        awaitOffset(102);

        // Then
        assertThat(fixture.query("SELECT sku FROM product WHERE vendor_id = 'globex' ORDER BY 1"))
                .containsExactly("A", "B");
        assertThat(partition().waiting()).isPositive();

        // When more of it has just come, then they are not let go in the midst of it
        assertThat(await(fixture.room.letGo())).isZero();
        fixture.schema.execute(
                "UPDATE waiting_message SET not_before = now() - interval '1 minute', waiting_since = now()");
        assertThat(await(fixture.room.letGo())).isZero();

        // When their time has come
        await().until(() -> {
            await(fixture.room.letGo());
            return partition().waiting() == 0;
        });

        // Then
        assertThat(partition().applied()).isEqualTo(102);
    }
}
