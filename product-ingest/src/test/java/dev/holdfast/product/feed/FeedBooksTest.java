package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.FeedFixture.withGtin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is missing in the books is found, whoever lost it. */
@ExtendWith(HoldfastExtension.class)
class FeedBooksTest {
    private static final String TOPIC = "vendor.products";

    private TestSchema schema;
    private FeedFixture feed;
    private SimpleMeterRegistry meters;
    private FeedBooks books;

    @BeforeEach
    void open(TestSchema fresh) {
        schema = fresh;
        feed = new FeedFixture(schema);
        meters = new SimpleMeterRegistry();
        books = new FeedBooks(feed.pool, meters, feed.clock);
        Claim claim = feed.claim(TOPIC, 0);
        feed.apply(
                claim,
                0,
                List.of(
                        withGtin("acme", "A", 1, "4006381333931"),
                        withGtin("globex", "B", 1, "4006381333931"),
                        upsert("acme", "C", 1, "")));
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private double gauge(String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }

    private HealthCheckResponse health() {
        return await(new FeedWellness(books).call());
    }

    private Map<String, Object> data() {
        return health().getData().orElseThrow();
    }

    @Test
    void tellWhatThereIs() {
        await(books.survey());

        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(gauge("holdfast.feed.unaccounted")).isZero();
        assertThat(gauge("holdfast.feed.paused")).isZero();
        assertThat(gauge("holdfast.feed.waiting", "reason", "gtin")).isEqualTo(1);
        assertThat(gauge("holdfast.feed.waiting", "reason", "quota")).isZero();
        assertThat(gauge("holdfast.feed.quarantine.open")).isEqualTo(1);
        assertThat(gauge("holdfast.feed.snapshot.held")).isZero();
    }

    @Test
    void areDownWhenAWaitingMessageHasDisappeared() {
        // Given
        schema.execute("DELETE FROM waiting_message");

        // When
        await(books.survey());

        // Then
        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(data().get(TOPIC + "-0")).asString().contains("1 counted as waiting that do not wait");
        assertThat(gauge("holdfast.feed.unaccounted")).isEqualTo(1);
    }

    @Test
    void areDownWhenOneWaitsThatNobodyCounted() {
        // Given
        schema.execute("UPDATE waiting_message SET partition = 5");

        // When
        await(books.survey());

        // Then
        assertThat(data()).containsKeys(TOPIC + "-0", TOPIC + "-5");
        assertThat(gauge("holdfast.feed.unaccounted")).isEqualTo(2);
    }

    @Test
    void areDownWhenACounterWasChangedPastTheConstraint() {
        // Given
        schema.execute("""
                ALTER TABLE feed_partition DROP CONSTRAINT feed_partition_conserves_messages,
                                           DROP CONSTRAINT feed_partition_meets_every_offset;
                UPDATE feed_partition SET applied = applied - 1, skipped = skipped + 3;
                """);

        // When
        await(books.survey());

        // Then
        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(data().get(TOPIC + "-0")).asString().contains("1 without outcome, -3 offsets not met");
        assertThat(gauge("holdfast.feed.unaccounted")).isEqualTo(4);
    }

    @Test
    void showPausedPartitionsWithTheReason() {
        // Given
        await(new PartitionService(feed.transactions)
                .pause(new TopicPartition(TOPIC, 0), "someone", "the vendor sends nonsense"));

        // When
        await(books.survey());

        // Then
        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(data().get(TOPIC + "-0 paused")).isEqualTo("paused by someone: the vendor sends nonsense");
        assertThat(gauge("holdfast.feed.paused")).isEqualTo(1);
    }

    @Test
    void stayAsTheyWereWhileTheDatabaseDoesNotAnswer() {
        // Given
        assertThat(data()).containsEntry("surveyed", "not yet");
        FeedSurvey before = await(books.survey());

        // When
        schema.execute("ALTER TABLE waiting_message RENAME TO away");
        assertThatThrownBy(() -> await(books.survey())).hasMessageContaining("42P01");

        // Then
        assertThat(books.latest()).hasValue(before);
        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }
}
