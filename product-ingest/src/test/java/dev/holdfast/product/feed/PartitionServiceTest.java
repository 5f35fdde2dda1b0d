package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.Outcome.DUPLICATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.product.feed.PartitionService.Result;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class PartitionServiceTest {
    private static final TopicPartition PARTITION = new TopicPartition("vendor.products", 0);
    private static final TopicPartition UNKNOWN = new TopicPartition("vendor.products", 9);
    private static final String AUDIT =
            "SELECT action, subject, reason, from_offset, to_offset FROM feed_audit ORDER BY id";

    private FeedFixture feed;
    private PartitionService service;
    private Claim claim;

    @BeforeEach
    void open(TestSchema schema) {
        feed = new FeedFixture(schema);
        service = new PartitionService(feed.transactions);
        claim = feed.claim(PARTITION.topic(), 0);
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one")));
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private FeedPartition partition() {
        return feed.partition(PARTITION.topic(), 0);
    }

    @Test
    void afterAPauseTheOwnerTakesNothingMore() {
        assertThat(await(service.pause(PARTITION, "someone", "nonsense"))).isEqualTo(new Result.Done(partition()));

        assertThatThrownBy(() -> feed.apply(claim, 1, List.of(upsert("acme", "A", 2, "two"))))
                .isInstanceOf(FencedOffException.class);
        assertThat(partition().nextOffset()).isEqualTo(1);
        assertThat(feed.query(AUDIT)).containsExactly("paused someone nonsense 1 1");
    }

    @Test
    void theBreakersDelayEndsItsOwnPauseAndNoOther() {
        await(PartitionStore.trip(feed.pool, claim, "breaker: 300 of 500"));
        await(PartitionStore.endTrip(feed.pool, PARTITION));
        assertThat(partition().pausedReason()).isNull();

        await(service.pause(PARTITION, "someone", "breaker: looks like one"));
        await(PartitionStore.endTrip(feed.pool, PARTITION));
        assertThat(partition().pausedReason()).isEqualTo("paused by someone: breaker: looks like one");
    }

    @Test
    void resumesWhatIsPausedAlone() {
        assertThat(await(service.resume(PARTITION, "someone", null))).isEqualTo(new Result.NotPaused());
        await(service.pause(PARTITION, "someone", "nonsense"));

        await(service.resume(PARTITION, "another", null));

        assertThat(partition().pausedReason()).isNull();
        assertThat(feed.query(AUDIT)).containsExactly("paused someone nonsense 1 1", "resumed another null 1 1");
    }

    @Test
    void goesBackAndNotAhead() {
        assertThat(await(service.rewind(PARTITION, 2, "someone", null))).isEqualTo(new Result.Ahead(1));

        await(service.rewind(PARTITION, 0, "someone", "a restore"));

        assertThat(partition().nextOffset()).isZero();
        assertThat(partition().rewound()).isEqualTo(1);
        assertThat(feed.query(AUDIT)).containsExactly("rewound someone a restore 1 0");
        assertThat(feed.apply(feed.claim(PARTITION.topic(), 0), 0, List.of(upsert("acme", "A", 1, "one"))))
                .containsExactly(DUPLICATE);
    }

    @Test
    void knowsNothingOfWhatWasNeverRead() {
        assertThat(await(service.pause(UNKNOWN, "someone", "why"))).isEqualTo(new Result.Unknown());
        assertThat(await(service.resume(UNKNOWN, "someone", null))).isEqualTo(new Result.Unknown());
        assertThat(await(service.rewind(UNKNOWN, 0, "someone", null))).isEqualTo(new Result.Unknown());
        assertThat(feed.query(AUDIT)).isEmpty();
    }
}
