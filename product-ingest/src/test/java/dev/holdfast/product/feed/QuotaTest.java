package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.Outcome.APPLIED;
import static dev.holdfast.product.feed.Outcome.DUPLICATE;
import static dev.holdfast.product.feed.Outcome.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a vendor sends beyond its daily quota waits for the next day. */
@ExtendWith(HoldfastExtension.class)
class QuotaTest {
    private static final String TAKEN = "SELECT vendor_id, sum(taken) FROM vendor_day GROUP BY 1 ORDER BY 1";

    private FeedFixture feed;
    private Claim claim;

    @BeforeEach
    void open(TestSchema schema) {
        feed = new FeedFixture(schema);
        feed.quotas.put("acme", OptionalLong.of(3));
        claim = feed.claim("vendor.products", 0);
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private static List<String> products(String vendor, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> upsert(vendor, "S" + i, 1, "name"))
                .toList();
    }

    @Test
    void theFirstOnesAreTakenAndTheRestWaits() {
        assertThat(feed.apply(claim, 0, products("acme", 0, 5)))
                .containsExactly(APPLIED, APPLIED, APPLIED, WAITING, WAITING);

        assertThat(feed.query(TAKEN)).containsExactly("acme 3");
        assertThat(feed.query("SELECT sku, reason, not_before > clock_timestamp() FROM waiting_message ORDER BY 1"))
                .containsExactly("S3 quota true", "S4 quota true");
        assertThat(feed.partition("vendor.products", 0).waiting()).isEqualTo(2);
    }

    @Test
    void othersAreNotConcerned() {
        feed.apply(claim, 0, products("acme", 0, 5));

        assertThat(feed.apply(claim, 5, products("globex", 0, 5))).containsOnly(APPLIED);
        assertThat(feed.query(TAKEN)).containsExactly("acme 3");
    }

    @Test
    void whatWaitsGoesOnTheNextDayAsFarAsItsQuotaGoes() {
        // Given
        feed.apply(claim, 0, products("acme", 0, 8));

        // When
        feed.clock.nextDay();
        feed.schema.execute("UPDATE waiting_message SET not_before = clock_timestamp()");
        int left = await(feed.room.letGo());

        // Then
        assertThat(left).isEqualTo(3);
        assertThat(feed.query("SELECT count(*) FROM product")).containsExactly("6");
        FeedPartition partition = feed.partition("vendor.products", 0);
        assertThat(partition.applied()).isEqualTo(6);
        assertThat(partition.waiting()).isEqualTo(2);
    }

    @Test
    void aCopyOfWhatWaitsIsADuplicate() {
        feed.apply(claim, 0, products("acme", 0, 4));

        assertThat(feed.apply(claim, 4, products("acme", 3, 4))).containsExactly(DUPLICATE);
    }

    @Test
    void byHttpTheSameQuotaHolds() {
        feed.apply(claim, 0, products("acme", 0, 2));

        assertThat(feed.post(products("acme", 2, 4))).containsExactly(APPLIED, WAITING);
    }

    @Test
    void whatIsReadAgainIsNotCountedAgain() {
        // Given
        feed.apply(claim, 0, products("acme", 0, 3));

        // When
        Claim again = feed.rewind("vendor.products", 0, 0);

        // Then
        assertThat(feed.apply(again, 0, products("acme", 0, 3))).containsOnly(DUPLICATE);
        assertThat(feed.query(TAKEN)).containsExactly("acme 3");
    }

    @Test
    void rivalsTogetherTakeExactlyTheQuota() throws Exception {
        // Given
        feed.quotas.put("acme", OptionalLong.of(100));

        // When eight workers send 20 each
        RaceGate<List<Outcome>> race = RaceGate.race(8, worker -> () -> {
            Claim mine = feed.claim("race", worker);
            return feed.apply(mine, 0, products("acme", worker * 20, worker * 20 + 20));
        });

        // Then
        race.assertWinners(8, outcomes -> outcomes.size() == 20 && Collections.frequency(outcomes, APPLIED) <= 20);
        assertThat(feed.query(TAKEN)).containsExactly("acme 100");
        assertThat(feed.query("SELECT count(*) FROM product")).containsExactly("100");
        assertThat(feed.query("SELECT sum(waiting) FROM feed_partition")).containsExactly("60");
    }
}
