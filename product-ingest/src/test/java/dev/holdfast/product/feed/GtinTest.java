package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.delete;
import static dev.holdfast.product.feed.FeedFixture.withGtin;
import static dev.holdfast.product.feed.Outcome.APPLIED;
import static dev.holdfast.product.feed.Outcome.DUPLICATE;
import static dev.holdfast.product.feed.Outcome.QUARANTINED;
import static dev.holdfast.product.feed.Outcome.STALE;
import static dev.holdfast.product.feed.Outcome.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two live products never claim one GTIN, and whoever wants a taken one waits until it is free. */
@ExtendWith(HoldfastExtension.class)
class GtinTest {
    private static final String G1 = "4006381333931";
    private static final String G2 = "5901234123457";
    private static final String G3 = "96385074";
    private static final String G3_IN_14_DIGITS = "00000096385074";
    private static final String OWNERS =
            "SELECT vendor_id, sku, src_version, gtin FROM product WHERE state = 'live' ORDER BY 1, 2";
    private static final String WAITERS = """
            SELECT w.vendor_id, w.sku, w.src_version, p.vendor_id || ':' || p.sku
              FROM waiting_message w JOIN product p ON p.state = 'live' AND lpad(p.gtin, 14, '0') = w.gtin
             ORDER BY 1, 2, 3
            """;

    private FeedFixture feed;
    private Claim claim;
    private long next;

    @BeforeEach
    void open(TestSchema schema) {
        feed = new FeedFixture(schema);
        claim = feed.claim("vendor.products", 0);
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private List<Outcome> apply(String... messages) {
        List<Outcome> outcomes = feed.apply(claim, next, List.of(messages));
        next += messages.length;
        return outcomes;
    }

    private void assertCounts(int applied, int waiting, int stale) {
        FeedPartition partition = feed.partition("vendor.products", 0);
        assertThat(List.of(partition.applied(), partition.waiting(), partition.stale()))
                .containsExactly((long) applied, (long) waiting, (long) stale);
        assertThat(feed.query("SELECT count(*) FROM waiting_message")).containsExactly(String.valueOf(waiting));
    }

    @Test
    void whoComesSecondWaitsForWhoHasIt() {
        assertThat(apply(withGtin("acme", "A", 1, G1))).containsExactly(APPLIED);
        assertThat(apply(withGtin("globex", "B", 1, G1))).containsExactly(WAITING);

        assertThat(feed.query(OWNERS)).containsExactly("acme A 1 " + G1);
        assertThat(feed.query(WAITERS)).containsExactly("globex B 1 acme:A");
        assertCounts(1, 1, 0);
    }

    @Test
    void inOneBatchTheFirstHasItAndTheSecondWaits() {
        assertThat(apply(withGtin("globex", "B", 1, G1), withGtin("acme", "A", 1, G1), withGtin("acme", "C", 1, G2)))
                .containsExactly(APPLIED, WAITING, APPLIED);

        assertThat(feed.query(WAITERS)).containsExactly("acme A 1 globex:B");
    }

    @Test
    void aGtinIsTheSameWithZerosBeforeIt() {
        apply(withGtin("acme", "A", 1, G3));

        assertThat(apply(withGtin("globex", "B", 1, G3_IN_14_DIGITS))).containsExactly(WAITING);
    }

    @Test
    void whoWaitsGoesOnWhenTheOwnerTakesAnother() {
        // Given
        apply(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 1, G1));

        // When
        apply(withGtin("acme", "A", 2, G2));
        await(feed.room.letGo());

        // Then
        assertThat(feed.query(OWNERS)).containsExactly("acme A 2 " + G2, "globex B 1 " + G1);
        assertCounts(3, 0, 0);
        assertThat(feed.query("SELECT source_offset FROM product WHERE sku = 'B'"))
                .containsExactly("1");
    }

    @Test
    void whoWaitsGoesOnWhenTheOwnerIsDeleted() {
        apply(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 1, G1));

        apply(delete("acme", "A", 2));

        assertThat(await(feed.room.letGo())).isEqualTo(1);
        assertThat(feed.query(OWNERS)).containsExactly("globex B 1 " + G1);
    }

    @Test
    void theListenerHearsWhichGtinsAreFree() {
        // Given
        var heard = new ArrayList<String>();
        feed.service.onReleased(heard::addAll);
        apply(withGtin("acme", "A", 1, G3), withGtin("acme", "B", 1, G2));

        // When
        apply(withGtin("acme", "A", 2, G1), withGtin("acme", "B", 2, G2));

        // Then
        assertThat(heard).containsExactly(G3_IN_14_DIGITS);
    }

    @Test
    void twoProductsSwapInOneBatch() {
        apply(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 1, G2));

        assertThat(apply(withGtin("acme", "A", 2, G2), withGtin("globex", "B", 2, G1)))
                .containsExactly(APPLIED, APPLIED);

        assertThat(feed.query(OWNERS)).containsExactly("acme A 2 " + G2, "globex B 2 " + G1);
    }

    @Test
    void aChainThatEndsAtATakenGtinWaitsAsAWhole() {
        // Given C keeps what B wants, and B has what A wants
        apply(withGtin("acme", "A", 1, G1), withGtin("acme", "B", 1, G2), withGtin("acme", "C", 1, G3));

        // When
        assertThat(apply(withGtin("acme", "A", 2, G2), withGtin("acme", "B", 2, G3)))
                .containsExactly(WAITING, WAITING);

        // Then
        assertThat(feed.query(WAITERS)).containsExactly("acme A 2 acme:B", "acme B 2 acme:C");

        // When
        apply(delete("acme", "C", 2));
        await(feed.room.letGo());
        await(feed.room.letGo());

        // Then
        assertThat(feed.query(OWNERS)).containsExactly("acme A 2 " + G2, "acme B 2 " + G3);
        assertCounts(6, 0, 0);
    }

    @Test
    void anOlderChangeOfTheSameProductGoesInWhenTheNewestMustWait() {
        apply(withGtin("acme", "A", 1, G1));

        assertThat(apply(withGtin("globex", "B", 2, G1), withGtin("globex", "B", 1, G2)))
                .containsExactly(WAITING, APPLIED);

        assertThat(feed.query(OWNERS)).containsExactly("acme A 1 " + G1, "globex B 1 " + G2);
    }

    @Test
    void aCopyOfWhatWaitsIsADuplicateAndAContradictionAConflict() {
        apply(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 5, G1));

        assertThat(apply(
                        withGtin("globex", "B", 5, G1),
                        withGtin("globex", "B", 5, G1).replace("100", "200"),
                        withGtin("globex", "C", 1, G1),
                        withGtin("globex", "C", 1, G1),
                        withGtin("globex", "C", 1, G1).replace("100", "200")))
                .containsExactly(DUPLICATE, QUARANTINED, WAITING, DUPLICATE, QUARANTINED);
    }

    @Test
    void whatWaitsIsStaleOnceItsProductHasMovedOn() {
        // Given
        apply(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 1, G1));

        // When
        apply(withGtin("globex", "B", 2, G2));
        await(feed.room.letGo());

        // Then
        assertThat(feed.query(OWNERS)).containsExactly("acme A 1 " + G1, "globex B 2 " + G2);
        assertCounts(2, 0, 1);
    }

    @Test
    void ofTwoThatWaitTheFirstGetsItAndTheOtherWaitsForThat() {
        // Given
        apply(withGtin("acme", "A", 1, G1));
        apply(withGtin("globex", "B", 1, G1));
        apply(withGtin("initech", "C", 1, G1));

        // When
        apply(delete("acme", "A", 2));
        await(feed.room.letGo());

        // Then
        assertThat(feed.query(OWNERS)).containsExactly("globex B 1 " + G1);
        assertThat(feed.query(WAITERS)).containsExactly("initech C 1 globex:B");
        assertCounts(3, 1, 0);
    }

    @Test
    void byHttpItWaitsAsWell() {
        feed.post(List.of(withGtin("acme", "A", 1, G1)));

        assertThat(feed.post(List.of(withGtin("globex", "B", 1, G1)))).containsExactly(WAITING);

        feed.post(List.of(delete("acme", "A", 2)));
        await(feed.room.letGo());
        assertThat(feed.query(OWNERS)).containsExactly("globex B 1 " + G1);
    }

    @Test
    void readAgainWhatWaitedIsADuplicate() {
        // Given
        apply(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 1, G1));

        // When
        Claim again = feed.rewind("vendor.products", 0, 0);

        // Then
        assertThat(feed.apply(again, 0, List.of(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 1, G1))))
                .containsExactly(DUPLICATE, DUPLICATE);
    }

    @Test
    void rivalsForAFewGtinsNeverShareOneAndEveryMessageIsAccountedFor() throws Exception {
        // Given eight workers with a partition and twelve products each, fighting for ten GTINs
        int workers = 8;
        int rounds = 30;

        // When
        RaceGate.race(workers, worker -> () -> {
                    var random = new Random(worker);
                    Claim mine = feed.claim("race", worker);
                    for (int round = 0; round < rounds; round++) {
                        var batch = new ArrayList<String>();
                        for (int i = 0; i < 4; i++) {
                            String sku = "W" + worker + "-" + random.nextInt(12);
                            int version = round * 4 + i;
                            batch.add(
                                    random.nextInt(4) == 0
                                            ? delete("acme", sku, version)
                                            : withGtin("acme", sku, version, gtin(random.nextInt(10))));
                        }
                        feed.apply(mine, round * 4L, batch);
                        if (round % 5 == 0) {
                            await(feed.room.letGo());
                        }
                    }
                    return true;
                })
                .assertWinners(workers, done -> done);

        // Then
        Awaitility.await().until(() -> await(feed.room.letGo()) == 0);
        assertThat(feed.query("SELECT gtin FROM product WHERE state = 'live' GROUP BY gtin HAVING count(*) > 1"))
                .isEmpty();
        assertThat(feed.query("SELECT sum(received), sum(quarantined) FROM feed_partition WHERE topic = 'race'"))
                .containsExactly(workers * rounds * 4 + " 0");
        assertThat(feed.query("""
                SELECT p.partition FROM feed_partition p
                 WHERE p.waiting <> (SELECT count(*) FROM waiting_message w WHERE w.topic = p.topic AND w.partition = p.partition)
                """))
                .as("partitions whose counter differs from the messages that wait")
                .isEmpty();
        assertThat(feed.query("""
                SELECT w.sku FROM waiting_message w
                 WHERE NOT EXISTS (SELECT FROM product p WHERE p.state = 'live' AND lpad(p.gtin, 14, '0') = w.gtin)
                """)).as("messages that wait for nobody").isEmpty();
    }

    /** With a valid check digit. */
    private static String gtin(int number) {
        String body = "0000000000000".substring(0, 10) + (100 + number);
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            sum += (body.charAt(i) - '0') * ((body.length() - i) % 2 == 1 ? 3 : 1);
        }
        return body + (10 - sum % 10) % 10;
    }

    @Test
    void staleMessagesDoNotFight() {
        apply(withGtin("acme", "A", 1, G1), withGtin("globex", "B", 9, G2));

        assertThat(apply(withGtin("globex", "B", 8, G1))).containsExactly(STALE);
    }
}
