package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.delete;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.FeedFixture.withGtin;
import static dev.holdfast.product.feed.Outcome.APPLIED;
import static dev.holdfast.product.feed.Outcome.DUPLICATE;
import static dev.holdfast.product.feed.Outcome.QUARANTINED;
import static dev.holdfast.product.feed.Outcome.STALE;
import static dev.holdfast.product.feed.Outcome.UNCHANGED;
import static dev.holdfast.product.feed.Outcome.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.product.feed.SnapshotStore.SnapshotRef;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A full snapshot deletes what it does not list, when and only when all of it is known. */
@ExtendWith(HoldfastExtension.class)
class SnapshotTest {
    private static final String TOPIC = "vendor.products";
    private static final String LIVE = "SELECT sku FROM product WHERE vendor_id = 'acme' AND state = 'live' ORDER BY 1";
    private static final String CHANGES =
            "SELECT aggregate_id, type, aggregate_version FROM outbox WHERE type <> 'product.listed' ORDER BY 1, 3";

    private FeedFixture feed;
    private Claim claim;
    private long next;

    @BeforeEach
    void open(TestSchema schema) {
        feed = new FeedFixture(schema);
        claim = feed.claim(TOPIC, 0);
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private List<Outcome> apply(String... messages) {
        return apply(List.of(messages));
    }

    private List<Outcome> apply(List<String> messages) {
        List<Outcome> outcomes = feed.apply(claim, next, messages);
        next += messages.size();
        return outcomes;
    }

    /** Ten products in version 1: P0 to P9. */
    private void tenProducts() {
        apply(IntStream.range(0, 10)
                .mapToObj(i -> upsert("acme", "P" + i, 1, "old " + i))
                .toList());
    }

    private static String begin(long number) {
        return "{\"vendor\":\"acme\",\"version\":%d,\"op\":\"snapshot-begin\"}".formatted(number);
    }

    private static String dryRun(long number) {
        return begin(number).replace("}", ",\"dryRun\":true}");
    }

    private static String end(long number, long items) {
        return "{\"vendor\":\"acme\",\"version\":%d,\"op\":\"snapshot-end\",\"items\":%d}".formatted(number, items);
    }

    private static String listed(long number, String message) {
        return message.replace("\"op\":", "\"snapshot\":%d,\"op\":".formatted(number));
    }

    /** P0 to P8 as they are, without P9. */
    private static List<String> nineOfTen(long number) {
        return IntStream.range(0, 9)
                .mapToObj(i -> listed(number, upsert("acme", "P" + i, 1, "old " + i)))
                .toList();
    }

    private void keep() {
        await(feed.snapshots.keep());
    }

    private SnapshotRepresentation snapshot(long number) {
        return await(SnapshotStore.find(feed.pool, new SnapshotRef("acme", number)))
                .orElseThrow();
    }

    private List<String> difference(long number) {
        return await(SnapshotStore.difference(feed.pool, new SnapshotRef("acme", number), "", 100, null)).stream()
                .map(one -> one.sku() + " " + one.kind())
                .toList();
    }

    @Test
    void deletesWhatItDoesNotList() {
        // Given
        tenProducts();

        // When
        apply(begin(7));
        assertThat(apply(nineOfTen(7))).containsOnly(DUPLICATE);
        apply(end(7, 9));
        keep();

        // Then
        assertThat(feed.query(LIVE)).hasSize(9).doesNotContain("P9");
        assertThat(feed.query(CHANGES)).containsExactly("acme:P9 product.deleted 2");
        assertThat(feed.query(
                        "SELECT src_version, row_version, content_version, changed_by FROM product WHERE sku = 'P9'"))
                .containsExactly("1 2 null snapshot 7");
        assertThat(feed.query("SELECT sku, row_version, content_version, state FROM product_history"))
                .containsExactly("P9 1 1 live");
        assertThat(snapshot(7).status()).isEqualTo("applied");
        assertThat(snapshot(7).deleted()).isEqualTo(1);
        assertThat(feed.query("SELECT count(*) FROM snapshot_item")).containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void theOrderAndThePartitionDoNotMatter(long seed) {
        // Given
        tenProducts();
        Claim other = feed.claim(TOPIC, 1);
        var messages = new ArrayList<>(nineOfTen(7));
        messages.add(begin(7));
        messages.add(end(7, 9));
        messages.addAll(nineOfTen(7).subList(0, 4));
        var random = new Random(seed);
        Collections.shuffle(messages, random);

        // When
        long nextOfOther = 0;
        for (String message : messages) {
            if (random.nextBoolean()) {
                apply(message);
            } else {
                feed.apply(other, nextOfOther++, List.of(message));
            }
            keep();
        }

        // Then
        assertThat(feed.query(LIVE)).hasSize(9).doesNotContain("P9");
        assertThat(feed.query(CHANGES)).containsExactly("acme:P9 product.deleted 2");
        assertThat(snapshot(7).listed()).isEqualTo(9);
    }

    @Test
    void partitionsListSideBySideAndEachItemCountsOnce() throws InterruptedException {
        // Given
        int partitions = 4;
        List<String> items = IntStream.range(0, 200)
                .mapToObj(i -> listed(7, upsert("acme", "S" + i, 1, "name")))
                .toList();
        List<Claim> claims = IntStream.range(1, 1 + partitions)
                .mapToObj(partition -> feed.claim(TOPIC, partition))
                .toList();

        // When each partition carries all of them, in an order of its own
        RaceGate<List<Outcome>> race = RaceGate.race(partitions, worker -> {
            var shuffled = new ArrayList<>(items);
            Collections.shuffle(shuffled, new Random(worker));
            shuffled.add(worker, begin(7));
            shuffled.add(worker, end(7, 200));
            return () -> {
                var outcomes = new ArrayList<Outcome>();
                for (int from = 0; from < shuffled.size(); from += 40) {
                    outcomes.addAll(feed.apply(
                            claims.get(worker), from, shuffled.subList(from, Math.min(from + 40, shuffled.size()))));
                }
                return outcomes;
            };
        });

        // Then
        assertThat(race.failures()).isEmpty();
        assertThat(snapshot(7).listed()).isEqualTo(200);
        assertThat(race.results().stream().flatMap(List::stream)).hasSize(partitions * 202);
        assertThat(race.results().stream().flatMap(List::stream).filter(APPLIED::equals))
                .hasSize(202);
        keep();
        assertThat(snapshot(7).status()).isEqualTo("applied");
        assertThat(feed.query(LIVE)).hasSize(200);
    }

    @Test
    void aMissingItemKeepsItIncompleteAndNothingIsDeleted() {
        tenProducts();

        apply(begin(7));
        apply(nineOfTen(7).subList(0, 8));
        apply(end(7, 9));
        keep();

        assertThat(snapshot(7).status()).isEqualTo("open");
        assertThat(feed.query(LIVE)).hasSize(10);
    }

    @Test
    void aQuarantinedItemIsNotListedUntilItIsReplayed() {
        // Given
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7).subList(0, 8));
        assertThat(apply(listed(7, upsert("acme", "P8", 2, "")))).containsExactly(QUARANTINED);
        apply(end(7, 9));
        keep();
        assertThat(feed.query(LIVE)).hasSize(10);

        // When
        long id = Long.parseLong(feed.query("SELECT id FROM quarantine").getFirst());
        await(feed.quarantine.edit(
                id, FeedFixture.buffer(listed(7, upsert("acme", "P8", 2, "new 8"))), 0, "someone", null));
        assertThat(await(feed.quarantine.replay(id, "someone", null)))
                .isEqualTo(new QuarantineService.Result.Replayed(APPLIED, null));
        keep();

        // Then
        assertThat(feed.query(LIVE)).hasSize(9).contains("P8").doesNotContain("P9");
    }

    @Test
    void staleAndUnchangedAndWaitingItemsCountAsListed() {
        // Given
        tenProducts();
        apply(upsert("acme", "P1", 5, "newer"), withGtin("globex", "G", 1, "4006381333931"));

        // When
        apply(begin(7));
        var items = new ArrayList<>(nineOfTen(7));
        items.set(2, listed(7, upsert("acme", "P2", 3, "old 2")));
        items.set(3, listed(7, withGtin("acme", "P3", 3, "4006381333931")));
        assertThat(apply(items))
                .containsExactly(
                        DUPLICATE, STALE, UNCHANGED, WAITING, DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE);
        apply(end(7, 9));
        keep();

        // Then
        assertThat(snapshot(7).status()).isEqualTo("applied");
        assertThat(feed.query(LIVE)).hasSize(9).doesNotContain("P9");
    }

    @Test
    void theFuseHoldsOneThatWouldDeleteTooMuch() {
        // Given
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7).subList(0, 7));
        apply(end(7, 7));

        // When three of ten are missing, and two may be
        keep();

        // Then
        assertThat(snapshot(7).status()).isEqualTo("held");
        assertThat(snapshot(7).heldReason()).contains("3 of 10 live products").contains("20.0 %");
        assertThat(feed.query(LIVE)).hasSize(10);
        assertThat(difference(7)).containsExactly("P7 deleted", "P8 deleted", "P9 deleted");

        // And an operator lets it go on
        assertThat(await(SnapshotStore.applyHeld(feed.pool, new SnapshotRef("acme", 7), "someone", "confirmed")))
                .isTrue();
        keep();
        assertThat(feed.query(LIVE)).hasSize(7);
        assertThat(snapshot(7).status()).isEqualTo("applied");
        assertThat(snapshot(7).decidedBy()).isEqualTo("someone");
        assertThat(await(SnapshotStore.applyHeld(feed.pool, new SnapshotRef("acme", 7), "someone", null)))
                .isFalse();
    }

    @Test
    void aHeldOneCanBeDiscarded() {
        tenProducts();
        apply(begin(7), end(7, 0));
        keep();
        assertThat(snapshot(7).status()).isEqualTo("held");

        assertThat(await(SnapshotStore.discard(feed.pool, new SnapshotRef("acme", 7), "someone", null)))
                .isTrue();
        keep();

        assertThat(snapshot(7).status()).isEqualTo("discarded");
        assertThat(feed.query(LIVE)).hasSize(10);
    }

    @Test
    void oneThatListsMoreThanItsEndSaysIsHeld() {
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7));
        apply(end(7, 8));
        keep();

        assertThat(snapshot(7).status()).isEqualTo("held");
        assertThat(snapshot(7).heldReason()).contains("9 products are listed");
        assertThat(feed.query(LIVE)).hasSize(10);
    }

    @Test
    void aDryRunReportsAndDeletesNothing() {
        // Given
        tenProducts();

        // When
        apply(dryRun(7));
        apply(nineOfTen(7));
        apply(listed(7, upsert("acme", "P10", 1, "new")), end(7, 10));
        keep();

        // Then
        assertThat(snapshot(7).status()).isEqualTo("reported");
        assertThat(snapshot(7).missing()).isEqualTo(1);
        assertThat(difference(7)).containsExactly("P10 added", "P9 deleted");
        assertThat(feed.query(LIVE)).hasSize(11);
        assertThat(await(SnapshotStore.applyHeld(feed.pool, new SnapshotRef("acme", 7), "someone", null)))
                .isFalse();

        // And its items are forgotten once a newer one begins
        apply(begin(8));
        keep();
        assertThat(feed.query("SELECT count(*) FROM snapshot_item")).containsExactly("0");
    }

    @Test
    void whatChangedSinceItWasFirstSeenStays() {
        // Given P9 changes, P8 is confirmed under a newer version, and X is added; none of them is listed
        tenProducts();
        apply(begin(7));
        assertThat(apply(
                        upsert("acme", "P9", 2, "changed"),
                        upsert("acme", "P8", 2, "old 8"),
                        upsert("acme", "X", 1, "added")))
                .containsExactly(APPLIED, UNCHANGED, APPLIED);

        // When
        apply(nineOfTen(7).subList(0, 7));
        apply(end(7, 7));
        keep();

        // Then
        assertThat(feed.query(LIVE)).hasSize(10).contains("P8", "P9", "X").doesNotContain("P7");
        assertThat(snapshot(7).deleted()).isEqualTo(1);
    }

    @Test
    void oneThatIsReadAgainDeletesNothingAndSaysSo() {
        // Given
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7));
        apply(end(7, 9));
        keep();
        apply(upsert("acme", "P9", 2, "back"), upsert("acme", "X", 1, "added"));
        List<String> changes = feed.query(CHANGES);

        // When
        claim = feed.rewind(TOPIC, 0, 10);
        next = 10;
        assertThat(apply(begin(7))).containsExactly(DUPLICATE);
        assertThat(apply(nineOfTen(7))).containsOnly(DUPLICATE);
        assertThat(apply(end(7, 9))).containsExactly(DUPLICATE);
        keep();

        // Then
        assertThat(feed.query(LIVE)).hasSize(11);
        assertThat(feed.query(CHANGES)).isEqualTo(changes);
        assertThat(feed.partition(TOPIC, 0).duplicate()).isEqualTo(9 + 11);
        assertThat(feed.query("SELECT count(*) FROM snapshot_item")).containsExactly("0");
    }

    @Test
    void whatAPersonRestoredAfterwardsStaysRestored() {
        // Given
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7));
        apply(end(7, 9));
        keep();

        // When
        feed.query("""
                UPDATE product SET state = 'live', deleted_at = NULL, row_version = row_version + 1, changed_by = 'someone',
                                   updated_at = clock_timestamp()
                 WHERE sku = 'P9' RETURNING sku
                """);
        claim = feed.rewind(TOPIC, 0, 0);
        next = 0;
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7));
        apply(end(7, 9));
        keep();

        // Then
        assertThat(feed.query(LIVE)).hasSize(10);
    }

    @Test
    void aNewerOneSupersedesAnOlderOneThatIsNotFinished() {
        // Given
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7).subList(0, 5));

        // When
        apply(begin(8));
        apply(nineOfTen(8));
        keep();
        apply(nineOfTen(7).subList(5, 9));
        apply(end(7, 9));
        keep();

        // Then
        assertThat(snapshot(7).status()).isEqualTo("superseded");
        assertThat(feed.query(LIVE)).hasSize(10);
        apply(end(8, 9));
        keep();
        assertThat(snapshot(8).status()).isEqualTo("applied");
        assertThat(feed.query(LIVE)).hasSize(9);
    }

    @Test
    void oneThatIsNotCompleteInTimeExpires() {
        // Given
        tenProducts();
        apply(begin(7));
        apply(nineOfTen(7).subList(0, 8));
        apply(end(7, 9));

        // When
        await(feed.snapshotsAt(Clock.offset(feed.clock, Duration.ofMinutes(61))).keep());

        // Then what comes later completes nothing
        assertThat(snapshot(7).status()).isEqualTo("expired");
        apply(nineOfTen(7).subList(8, 9));
        keep();
        assertThat(snapshot(7).status()).isEqualTo("expired");
        assertThat(feed.query(LIVE)).hasSize(10);
        assertThat(feed.query("SELECT count(*) FROM snapshot_item")).containsExactly("0");
    }

    @Test
    void oneThatWasGivenUpSupersedesNothing() {
        // Given the number of a typo
        tenProducts();
        apply(begin(7_000_000));
        assertThat(await(SnapshotStore.discard(feed.pool, new SnapshotRef("acme", 7_000_000), "someone", "a typo")))
                .isTrue();

        // When
        apply(begin(8));
        apply(nineOfTen(8));
        apply(end(8, 9));
        keep();

        // Then
        assertThat(snapshot(8).status()).isEqualTo("applied");
    }

    @Test
    void aMarkWithOtherContentIsAConflict() {
        apply(begin(7), end(7, 9));

        assertThat(apply(end(7, 8), dryRun(7), end(7, 9), "nonsense"))
                .containsExactly(QUARANTINED, QUARANTINED, DUPLICATE, QUARANTINED);

        assertThat(feed.query("SELECT \"offset\", reason FROM quarantine ORDER BY 1"))
                .containsExactly("2 conflict_same_version", "3 conflict_same_version", "5 not_json");
        FeedPartition partition = feed.partition(TOPIC, 0);
        assertThat(List.of(partition.applied(), partition.duplicate(), partition.quarantined()))
                .containsExactly(2L, 1L, 3L);
    }

    @Test
    void theVendorsOfOthersAreLeftAlone() {
        tenProducts();
        apply(upsert("globex", "P9", 1, "theirs"));
        apply(begin(7));
        apply(nineOfTen(7));
        apply(end(7, 9));
        keep();

        assertThat(feed.query("SELECT state FROM product WHERE vendor_id = 'globex'"))
                .containsExactly("live");
    }

    @Test
    void severalKeepersDeleteEachProductOnceWhileTheFeedGoesOn() throws InterruptedException {
        // Given
        List<String> products = IntStream.range(0, 600)
                .mapToObj(i -> upsert("acme", "S%03d".formatted(i), 1, "old"))
                .toList();
        apply(products);
        apply(begin(7));
        apply(products.subList(0, 500).stream().map(one -> listed(7, one)).toList());
        apply(end(7, 500));
        List<Claim> claims = List.of(feed.claim(TOPIC, 1), feed.claim(TOPIC, 2));

        // When two change half of what is missing while four delete
        RaceGate<Integer> race = RaceGate.race(6, worker -> () -> {
            if (worker < 2) {
                for (int i = 0; i < 50; i += 5) {
                    int from = i;
                    feed.apply(
                            claims.get(worker),
                            from,
                            IntStream.range(from, from + 5)
                                    .mapToObj(one ->
                                            upsert("acme", "S%03d".formatted(500 + one), 2 + worker, "w" + worker))
                                    .toList());
                }
            } else {
                await(feed.snapshots.keep());
            }
            return worker;
        });
        keep();

        // Then
        assertThat(race.failures()).isEmpty();
        assertThat(snapshot(7).status()).isEqualTo("applied");
        assertThat(feed.query("SELECT count(*) FROM product WHERE sku < 'S550' AND state = 'live'"))
                .containsExactly("550");
        assertThat(feed.query(
                        "SELECT count(*) FROM product WHERE sku >= 'S550' AND state = 'deleted' AND row_version = 2"))
                .containsExactly("50");
        assertThat(feed.query("SELECT count(*) FROM outbox WHERE type = 'product.deleted'"))
                .containsExactly(String.valueOf(snapshot(7).deleted()));
        assertThat(feed.query("SELECT count(*) FROM (SELECT FROM outbox GROUP BY aggregate_id, aggregate_version"
                        + " HAVING count(*) > 1) AS twice"))
                .containsExactly("0");
    }

    @Test
    void aVendorsOwnDeletionIsNoBusinessOfTheSnapshot() {
        tenProducts();
        apply(delete("acme", "P9", 2), begin(7));
        apply(nineOfTen(7));
        apply(end(7, 9));
        keep();

        assertThat(snapshot(7).deleted()).isZero();
        assertThat(feed.query(CHANGES)).containsExactly("acme:P9 product.deleted 2");
    }
}
