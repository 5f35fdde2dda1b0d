package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.buffer;
import static dev.holdfast.product.feed.FeedFixture.delete;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.FeedFixture.withGtin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever asks what became of a message is told, whatever became of it. */
@ExtendWith(HoldfastExtension.class)
class ReceiptTest {
    private static final String TOPIC = "vendor.products";

    private FeedFixture feed;
    private Claim claim;

    @BeforeEach
    void open(TestSchema schema) {
        feed = new FeedFixture(schema);
        claim = feed.claim(TOPIC, 0);
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private List<Receipt.Fate> fates(String vendor, String sku, long version) {
        return await(ReceiptStore.fates(feed.pool, vendor, sku, version, TOPIC));
    }

    private Receipt.Fate fate(String vendor, String sku, long version) {
        List<Receipt.Fate> fates = fates(vendor, sku, version);
        assertThat(fates).hasSize(1);
        return fates.getFirst();
    }

    @Test
    void ofTheOneThatIsShown() {
        feed.apply(claim, 0, List.of(upsert("globex", "Z", 1, "other"), upsert("acme", "A", 1, "one")));

        Receipt.Fate fate = fate("acme", "A", 1);
        assertThat(fate.outcome()).isEqualTo("applied");
        assertThat(fate.topic()).isEqualTo(TOPIC);
        assertThat(fate.partition()).isZero();
        assertThat(fate.offset()).isEqualTo(1);
        assertThat(fate.supersededBy()).isNull();
    }

    @Test
    void ofOneThatCameByHttp() {
        feed.post(List.of(upsert("acme", "A", 1, "one")));

        assertThat(fate("acme", "A", 1).outcome()).isEqualTo("applied");
        assertThat(fate("acme", "A", 1).topic()).isNull();
        assertThat(fate("acme", "A", 1).offset()).isNull();
    }

    @Test
    void ofOneThatWasShownBefore() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one")));
        feed.apply(claim, 1, List.of(upsert("acme", "A", 5, "five")));
        feed.apply(claim, 2, List.of(delete("acme", "A", 9)));

        // When
        Receipt.Fate first = fate("acme", "A", 1);

        // Then
        assertThat(first.outcome()).isEqualTo("applied");
        assertThat(first.supersededBy().version()).isEqualTo(5);
        assertThat(first.supersededBy().at()).isEqualTo(fate("acme", "A", 5).at());
        assertThat(fate("acme", "A", 5).supersededBy().version()).isEqualTo(9);
        assertThat(fate("acme", "A", 9).supersededBy()).isNull();
    }

    @Test
    void ofOneThatAPersonReplaced() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one")));
        feed.apply(
                claim,
                1,
                List.of(
                        upsert("acme", "B", 1, "b"),
                        upsert("acme", "C", 1, "c"),
                        upsert("acme", "D", 1, "d"),
                        upsert("acme", "E", 1, "e")));

        // When a snapshot deletes one of five
        String listed = "\"snapshot\":7,\"op\":";
        feed.apply(
                claim,
                5,
                List.of(
                        "{\"vendor\":\"acme\",\"version\":7,\"op\":\"snapshot-begin\"}",
                        upsert("acme", "B", 1, "b").replace("\"op\":", listed),
                        upsert("acme", "C", 1, "c").replace("\"op\":", listed),
                        upsert("acme", "D", 1, "d").replace("\"op\":", listed),
                        upsert("acme", "E", 1, "e").replace("\"op\":", listed),
                        "{\"vendor\":\"acme\",\"version\":7,\"op\":\"snapshot-end\",\"items\":4}"));
        await(feed.snapshots.keep());

        // Then
        Receipt.Successor successor = fate("acme", "A", 1).supersededBy();
        assertThat(successor.version()).isNull();
        assertThat(successor.by()).isEqualTo("snapshot 7");
        assertThat(successor.at()).isNotNull();
    }

    @Test
    void ofThoseThatChangedNothing() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 5, "five")));
        feed.apply(claim, 1, List.of(upsert("acme", "A", 3, "three"), upsert("acme", "A", 6, "five")));

        // When / Then
        assertThat(fate("acme", "A", 6).outcome()).isEqualTo("unchanged");
        Receipt.Fate stale = fate("acme", "A", 3);
        assertThat(stale.outcome()).isEqualTo("stale");
        assertThat(stale.offset()).isEqualTo(1);
        assertThat(stale.supersededBy().version()).isEqualTo(6);
    }

    @Test
    void ofAQuarantinedOneThatWasReplayedLater() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "")));
        assertThat(fate("acme", "A", 1).outcome()).isEqualTo("quarantined");
        assertThat(fate("acme", "A", 1).state()).isEqualTo("open");
        assertThat(fate("acme", "A", 1).reason()).isEqualTo("missing");
        long id = Long.parseLong(feed.query("SELECT id FROM quarantine").getFirst());

        // When
        await(feed.quarantine.edit(id, buffer(upsert("acme", "A", 1, "one")), 0, "someone", null));
        await(feed.quarantine.replay(id, "someone", null));

        // Then
        List<Receipt.Fate> fates = fates("acme", "A", 1);
        assertThat(fates).extracting(Receipt.Fate::outcome).containsExactly("quarantined", "applied");
        assertThat(fates.getFirst().state()).isEqualTo("replayed");
        assertThat(fates).allMatch(fate -> Long.valueOf(0).equals(fate.offset()));
    }

    @Test
    void ofThoseThatWait() {
        // Given
        feed.quotas.put("initech", OptionalLong.of(0));

        // When
        feed.apply(
                claim,
                0,
                List.of(
                        withGtin("acme", "A", 1, "4006381333931"),
                        withGtin("globex", "B", 1, "4006381333931"),
                        upsert("initech", "C", 1, "beyond the quota")));

        // Then
        Receipt.Fate forGtin = fate("globex", "B", 1);
        assertThat(forGtin.outcome()).isEqualTo("waiting");
        assertThat(forGtin.reason()).isEqualTo("gtin");
        assertThat(forGtin.blockedBy()).isEqualTo("acme:A");
        assertThat(forGtin.notBefore()).isNull();
        assertThat(fate("initech", "C", 1).reason()).isEqualTo("quota");
        assertThat(fate("initech", "C", 1).notBefore()).isAfter(feed.clock.instant());
    }

    @Test
    void ofCopiesIsThatOfTheFirst() {
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one")));
        feed.apply(claim, 1, List.of(upsert("acme", "A", 1, "one")));

        assertThat(fate("acme", "A", 1).offset()).isZero();
    }

    @Test
    void ofOneThatWasNeverSeenThereIsNone() {
        feed.apply(claim, 0, List.of(upsert("acme", "A", 2, "two")));

        assertThat(fates("acme", "A", 1)).isEmpty();
        assertThat(fates("acme", "B", 2)).isEmpty();
        assertThat(fates("globex", "A", 2)).isEmpty();
    }
}
