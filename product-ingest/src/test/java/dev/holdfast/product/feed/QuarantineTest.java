package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.buffer;
import static dev.holdfast.product.feed.FeedFixture.delete;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.FeedFixture.withGtin;
import static dev.holdfast.product.feed.Outcome.APPLIED;
import static dev.holdfast.product.feed.Outcome.QUARANTINED;
import static dev.holdfast.product.feed.Outcome.STALE;
import static dev.holdfast.product.feed.Outcome.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.product.feed.QuarantineService.Result;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A quarantined message has one more effect at most, however many replay it, and the books tell which. */
@ExtendWith(HoldfastExtension.class)
class QuarantineTest {
    private static final String TOPIC = "vendor.products";
    private static final String STATES = "SELECT state, edits FROM quarantine ORDER BY id";
    private static final String AUDIT =
            "SELECT action, subject, note, outcome, reason FROM quarantine_audit ORDER BY id";
    private static final String BEYOND_NUMERIC = "},\"attributes\":{\"big\":1e200000}}";

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

    /** One message that was refused, as offset 0. */
    private long quarantined(String message) {
        assertThat(feed.apply(claim, 0, List.of(message))).containsExactly(QUARANTINED);
        return Long.parseLong(feed.query("SELECT id FROM quarantine").getFirst());
    }

    private Result edit(long id, String message) {
        return await(feed.quarantine.edit(id, buffer(message), 0, "someone", "a typo"));
    }

    private Result replay(long id) {
        return await(feed.quarantine.replay(id, "someone", null));
    }

    private void assertBooksAddUp() {
        FeedSurvey survey = await(FeedSurveyStore.survey(feed.pool, feed.clock.instant()));
        assertThat(survey.lines()).noneMatch(FeedSurvey.Line::isBroken);
    }

    @Test
    void anEditedMessageIsAppliedAndCountedAnew() {
        // Given
        long id = quarantined(upsert("acme", "A", 1, ""));

        // When
        assertThat(edit(id, upsert("acme", "A", 1, "corrected"))).isEqualTo(new Result.Edited(1));
        assertThat(replay(id)).isEqualTo(new Result.Replayed(APPLIED, null));

        // Then
        assertThat(feed.query("SELECT name, source_partition, source_offset FROM product"))
                .containsExactly("corrected 0 0");
        assertThat(feed.query("SELECT type FROM outbox")).containsExactly("product.listed");
        assertThat(feed.query(STATES)).containsExactly("replayed 1");
        assertThat(feed.query(AUDIT))
                .containsExactly("edited someone a typo null null", "replayed someone null applied null");
        assertThat(feed.query("SELECT convert_from(raw, 'UTF8') = '%s' FROM quarantine"
                        .formatted(upsert("acme", "A", 1, ""))))
                .containsExactly("true");
        FeedPartition partition = feed.partition(TOPIC, 0);
        assertThat(List.of(partition.received(), partition.applied(), partition.quarantined()))
                .containsExactly(1L, 1L, 0L);
        assertBooksAddUp();
    }

    @Test
    void anEditThatWouldBeRefusedIsNotKept() {
        long id = quarantined("nonsense");

        assertThat(edit(id, upsert("acme", "A", 1, ""))).isInstanceOf(Result.Refused.class);

        assertThat(feed.query(STATES)).containsExactly("open 0");
        assertThat(feed.query(AUDIT)).isEmpty();
    }

    @Test
    void aNewerVersionStaysWhenAnOlderOneIsReplayed() {
        // Given
        long id = quarantined(upsert("acme", "A", 1, ""));
        edit(id, upsert("acme", "A", 1, "one"));
        feed.apply(claim, 1, List.of(upsert("acme", "A", 2, "two")));

        // When
        assertThat(replay(id)).isEqualTo(new Result.Replayed(STALE, null));

        // Then
        assertThat(feed.query("SELECT name FROM product")).containsExactly("two");
        assertThat(feed.partition(TOPIC, 0).stale()).isEqualTo(1);
        assertBooksAddUp();
    }

    @Test
    void whatIsRefusedAgainStaysOpenAndSaysWhy() {
        // Given
        long id = quarantined(upsert("acme", "A", 1, ""));

        // When
        assertThat(replay(id)).isInstanceOfSatisfying(Result.Replayed.class, replayed -> {
            assertThat(replayed.outcome()).isEqualTo(QUARANTINED);
            assertThat(replayed.rejection()).isNotNull();
        });

        // Then
        assertThat(feed.query(STATES)).containsExactly("open 0");
        assertThat(feed.query(AUDIT)).containsExactly("replayed someone null quarantined missing");
        assertBooksAddUp();
    }

    @Test
    void whatTheDatabaseRefusesAgainStaysOpenToo() {
        // Given
        long id = quarantined(upsert("acme", "A", 1, "name").replace("}}", BEYOND_NUMERIC));

        // When
        replay(id);

        // Then
        assertThat(feed.query(STATES)).containsExactly("open 0");
        assertThat(feed.query(AUDIT)).containsExactly("replayed someone null quarantined refused_by_database");
        assertThat(feed.query("SELECT count(*) FROM product")).containsExactly("0");
        assertBooksAddUp();
    }

    @Test
    void aConflictIsRefusedAgainUntilItsVersionRises() {
        // Given
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "one")));
        feed.apply(claim, 1, List.of(upsert("acme", "A", 1, "other")));
        long id = Long.parseLong(feed.query("SELECT id FROM quarantine").getFirst());

        // When / Then
        assertThat(((Result.Replayed) replay(id)).outcome()).isEqualTo(QUARANTINED);
        assertThat(feed.query(STATES)).containsExactly("open 0");
        edit(id, upsert("acme", "A", 2, "other"));
        assertThat(((Result.Replayed) replay(id)).outcome()).isEqualTo(APPLIED);
        assertBooksAddUp();
    }

    @Test
    void manyReplaysHaveOneEffect() throws InterruptedException {
        // Given
        long id = quarantined(upsert("acme", "A", 1, ""));
        edit(id, upsert("acme", "A", 1, "one"));

        // When
        RaceGate<Result> race = RaceGate.race(12, worker -> () -> replay(id));

        // Then
        race.assertWinners(1, result -> result instanceof Result.Replayed);
        assertThat(race.results().stream().filter(result -> result instanceof Result.SettledAlready))
                .hasSize(11);
        FeedPartition partition = feed.partition(TOPIC, 0);
        assertThat(List.of(partition.applied(), partition.duplicate(), partition.quarantined()))
                .containsExactly(1L, 0L, 0L);
        assertThat(feed.query("SELECT count(*) FROM outbox")).containsExactly("1");
        assertThat(feed.query("SELECT count(*) FROM quarantine_audit WHERE action = 'replayed'"))
                .containsExactly("1");
        assertBooksAddUp();
    }

    @Test
    void replayingAndDiscardingAtOnceDoesOneOfThem() throws InterruptedException {
        // Given
        long id = quarantined(upsert("acme", "A", 1, ""));
        edit(id, upsert("acme", "A", 1, "one"));

        // When
        RaceGate<Result> race = RaceGate.race(
                8,
                worker -> () ->
                        worker % 2 == 0 ? replay(id) : await(feed.quarantine.discard(id, "someone", "not wanted")));

        // Then
        race.assertWinners(1, result -> !(result instanceof Result.SettledAlready));
        boolean applied = race.results().stream().anyMatch(Result.Replayed.class::isInstance);
        assertThat(feed.query("SELECT count(*) FROM product")).containsExactly(applied ? "1" : "0");
        assertThat(feed.query(STATES)).containsExactly(applied ? "replayed 1" : "discarded 1");
        assertBooksAddUp();
    }

    @Test
    void ofTwoEditsOfTheSameTextOneIsKept() throws InterruptedException {
        // Given
        long id = quarantined("nonsense");

        // When
        RaceGate<Result> race = RaceGate.race(8, worker -> () -> edit(id, upsert("acme", "A", 1, "by " + worker)));

        // Then
        race.assertWinners(1, Result.Edited.class::isInstance);
        assertThat(race.results().stream().filter(Result.ChangedMeanwhile.class::isInstance))
                .hasSize(7);
        assertThat(feed.query(STATES)).containsExactly("open 1");
        assertThat(feed.query("SELECT count(*) FROM quarantine_audit")).containsExactly("1");
    }

    @Test
    void aDiscardedMessageIsNotReplayed() {
        long id = quarantined("nonsense");

        assertThat(await(feed.quarantine.discard(id, "someone", "a test"))).isEqualTo(new Result.Discarded());

        assertThat(replay(id)).isInstanceOf(Result.SettledAlready.class);
        assertThat(edit(id, upsert("acme", "A", 1, "one"))).isInstanceOf(Result.SettledAlready.class);
        assertThat(feed.query(AUDIT)).containsExactly("discarded someone a test null null");
        assertThat(replay(id + 1)).isEqualTo(new Result.Unknown());
    }

    @Test
    void oneThatWaitsAfterItsReplayComesBackWhenItIsRefusedInTheEnd() {
        // Given a replayed message that waits for a GTIN
        long id = quarantined(upsert("globex", "B", 1, ""));
        edit(id, withGtin("globex", "B", 1, "4006381333931"));
        feed.apply(claim, 1, List.of(withGtin("acme", "A", 1, "4006381333931")));
        assertThat(replay(id)).isEqualTo(new Result.Replayed(WAITING, null));
        assertThat(feed.partition(TOPIC, 0).waiting()).isEqualTo(1);
        assertBooksAddUp();

        // When its version comes with other content, and then the GTIN is free
        feed.apply(claim, 2, List.of(upsert("globex", "B", 1, "other"), delete("acme", "A", 2)));
        await(feed.room.letGo());

        // Then
        assertThat(feed.query(STATES)).containsExactly("open 1");
        assertThat(feed.query(AUDIT)).last().isEqualTo("reopened the feed null quarantined conflict_same_version");
        assertBooksAddUp();
    }

    @Test
    void readingItAgainDoesNotReopenIt() {
        // Given
        long id = quarantined(upsert("acme", "A", 1, ""));
        edit(id, upsert("acme", "A", 1, "one"));
        replay(id);

        // When
        claim = feed.rewind(TOPIC, 0, 0);
        feed.apply(claim, 0, List.of(upsert("acme", "A", 1, "")));

        // Then
        assertThat(feed.query(STATES)).containsExactly("replayed 1");
        assertThat(feed.query("SELECT name FROM product")).containsExactly("one");
        assertBooksAddUp();
    }
}
