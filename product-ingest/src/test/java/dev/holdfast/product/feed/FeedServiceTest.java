package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.delete;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.Outcome.APPLIED;
import static dev.holdfast.product.feed.Outcome.DUPLICATE;
import static dev.holdfast.product.feed.Outcome.QUARANTINED;
import static dev.holdfast.product.feed.Outcome.STALE;
import static dev.holdfast.product.feed.Outcome.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class FeedServiceTest {
    private static final String PRODUCTS = "SELECT vendor_id, sku, src_version, state, name FROM product ORDER BY 1, 2";
    private static final String EVENTS =
            "SELECT type, aggregate_id, aggregate_version FROM outbox ORDER BY aggregate_id, id";

    private FeedFixture feed;
    private Claim claim;

    @BeforeEach
    void open(TestSchema schema) {
        feed = new FeedFixture(schema);
        claim = feed.claim("vendor.products", 0);
    }

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void givesEachMessageItsOutcome() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 5, "five"), upsert("acme", "B", 5, "five")));

        // When
        List<Outcome> outcomes = feed.apply(
                claim,
                2,
                List.of(
                        upsert("acme", "A", 6, "six"),
                        upsert("acme", "A", 4, "four"),
                        upsert("acme", "B", 5, "five"),
                        upsert("acme", "B", 5, "other"),
                        upsert("globex", "A", 1, "one"),
                        "not a message"));

        // Then
        assertThat(outcomes).containsExactly(APPLIED, STALE, DUPLICATE, QUARANTINED, APPLIED, QUARANTINED);
        assertThat(feed.query(PRODUCTS))
                .containsExactly("acme A 6 live six", "acme B 5 live five", "globex A 1 live one");
        assertThat(feed.partition("vendor.products", 0))
                .isEqualTo(new FeedPartition("vendor.products", 0, 1, 8, 8, 4, 0, 1, 1, 2, 0, 0, 0, null, null));
        assertThat(feed.query("SELECT \"offset\", reason, sku FROM quarantine ORDER BY 1"))
                .containsExactly("5 conflict_same_version B", "7 not_json null");
    }

    @Test
    void theSameContentUnderANewerVersionMovesTheVersionAndTellsNobody() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one")));

        // When
        assertThat(feed.apply(claim, 1, List.of(upsert("acme", "A", 9, "one")))).containsExactly(UNCHANGED);

        // Then
        assertThat(feed.apply(claim, 2, List.of(upsert("acme", "A", 5, "five"))))
                .containsExactly(STALE);
        assertThat(feed.query(EVENTS)).containsExactly("product.listed acme:A 1");
    }

    @Test
    void tellsWhatHappenedWithDenseVersions() {
        feed.apply(claim, 0, List.of(upsert("acme", "A", 10, "ten")));
        feed.apply(claim, 1, List.of(upsert("acme", "A", 20, "twenty")));
        feed.apply(claim, 2, List.of(delete("acme", "A", 30)));
        feed.apply(claim, 3, List.of(upsert("acme", "A", 40, "forty")));

        assertThat(feed.query(EVENTS))
                .containsExactly(
                        "product.listed acme:A 1",
                        "product.changed acme:A 2",
                        "product.deleted acme:A 3",
                        "product.restored acme:A 4");
    }

    @Test
    void aDeletionKeepsTheRowSoThatALateMessageCannotBringItBack() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one"), delete("acme", "A", 3)));

        // When
        List<Outcome> outcomes =
                feed.apply(claim, 2, List.of(upsert("acme", "A", 2, "late"), delete("acme", "never seen", 1)));

        // Then
        assertThat(outcomes.getFirst()).isEqualTo(STALE);
        assertThat(feed.query(PRODUCTS)).startsWith("acme A 3 deleted ");
    }

    @Test
    void withinABatchTheHighestVersionLeadsAndOfEqualOnesTheFirst() {
        assertThat(feed.apply(
                        claim,
                        0,
                        List.of(
                                upsert("acme", "A", 1, "one"),
                                upsert("acme", "A", 3, "three"),
                                upsert("acme", "A", 2, "two"),
                                upsert("acme", "A", 3, "three"),
                                upsert("acme", "A", 3, "another three"))))
                .containsExactly(STALE, APPLIED, STALE, DUPLICATE, QUARANTINED);
        assertThat(feed.query(PRODUCTS)).containsExactly("acme A 3 live three");
    }

    @Test
    void aConflictIsJudgedByWhatTheDatabaseHasAndNotByTheBatch() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 3, "three")));

        // When
        List<Outcome> outcomes =
                feed.apply(claim, 1, List.of(upsert("acme", "A", 3, "other"), upsert("acme", "A", 3, "three")));

        // Then
        assertThat(outcomes).containsExactly(QUARANTINED, DUPLICATE);
    }

    @Test
    void aFencedOwnerChangesNothing() {
        // Given
        Claim successor = feed.claim("vendor.products", 0);

        // When / Then
        assertThatThrownBy(() -> feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "by the old owner"))))
                .isInstanceOf(FencedOffException.class);
        assertThat(feed.query(PRODUCTS)).isEmpty();
        assertThat(feed.query(EVENTS)).isEmpty();
        assertThat(feed.apply(successor, 0, List.of(upsert("acme", "A", 1, "one"))))
                .containsExactly(APPLIED);
    }

    @Test
    void anOffsetThatWasTakenIsNotTakenAgain() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one")));

        // When / Then
        assertThatThrownBy(() -> feed.apply(claim, 0, List.of(upsert("acme", "A", 2, "two"))))
                .isInstanceOf(FencedOffException.class);
        assertThat(feed.partition("vendor.products", 0).received()).isEqualTo(1);
    }

    @Test
    void aValueThatOnlyTheDatabaseRefusesIsFoundAmongAThousand() {
        // Given a number that is JSON, and beyond PostgreSQL's numeric
        List<String> messages = new ArrayList<>(IntStream.range(0, 1000)
                .mapToObj(i -> upsert("acme", "S" + i, 1, "name"))
                .toList());
        messages.set(617, messages.get(617).replace("}}", "},\"attributes\":{\"big\":1e200000}}"));

        // When
        List<FeedService.Settled> settled = feed.settled(claim, 0, messages);

        // Then
        assertThat(settled).hasSize(1000);
        assertThat(settled.stream().filter(one -> one.outcome() == APPLIED)).hasSize(999);
        assertThat(settled.get(617).outcome()).isEqualTo(QUARANTINED);
        assertThat(feed.query("SELECT \"offset\", reason, sqlstate FROM quarantine"))
                .containsExactly("617 refused_by_database 22003");
        assertThat(feed.partition("vendor.products", 0))
                .isEqualTo(
                        new FeedPartition("vendor.products", 0, 1, 1000, 1000, 999, 0, 0, 0, 1, 0, 0, 0, null, null));
    }

    @Test
    void batchesByHttpMoveNoPositionAndKeepNoQuarantine() {
        assertThat(feed.post(List.of(upsert("acme", "A", 1, "one"), "nonsense")))
                .containsExactly(APPLIED, QUARANTINED);
        assertThat(feed.query("SELECT count(*) FROM quarantine")).containsExactly("0");
        assertThat(feed.partition("vendor.products", 0).received()).isZero();
    }

    @Test
    void theDatabaseItselfHoldsTheConservationLaw() {
        assertThatThrownBy(() -> feed.query("UPDATE feed_partition SET applied = applied + 1"))
                .hasMessageContaining("feed_partition_conserves_messages");
    }

    @Test
    void rivalsOnTheSameProductsEndWithTheHighestVersionAndEachMessageHasOneOutcome() throws Exception {
        // Given the versions 1..200 of five products, shuffled and dealt to eight partitions
        List<String> messages = new ArrayList<>();
        for (int version = 1; version <= 200; version++) {
            for (int sku = 0; sku < 5; sku++) {
                messages.add(upsert("acme", "S" + sku, version, "v" + version));
            }
        }
        Collections.shuffle(messages, new Random(42));

        // When
        RaceGate<Integer> race = RaceGate.race(8, worker -> () -> {
            Claim mine = feed.claim("race", worker);
            List<String> hand = messages.subList(worker * 125, (worker + 1) * 125);
            for (int i = 0; i < hand.size(); i += 25) {
                feed.apply(mine, i, hand.subList(i, i + 25));
            }
            return worker;
        });

        // Then
        race.assertWinners(8, worker -> true);
        assertThat(feed.query(PRODUCTS))
                .isEqualTo(IntStream.range(0, 5)
                        .mapToObj(sku -> "acme S" + sku + " 200 live v200")
                        .toList());
        assertThat(feed.query("SELECT sum(received), sum(quarantined) FROM feed_partition WHERE topic = 'race'"))
                .containsExactly("1000 0");
        assertThat(feed.query("SELECT sum(applied) - (SELECT count(*) FROM outbox) FROM feed_partition"))
                .containsExactly("0");
        assertThat(feed.query("""
                SELECT count(*) FROM (SELECT aggregate_version - row_number() OVER (PARTITION BY aggregate_id ORDER BY id)
                                        AS gap FROM outbox) AS numbered WHERE gap <> 0
                """)).as("events out of their order").containsExactly("0");
    }
}
