package dev.holdfast.audit.timeline;

import static dev.holdfast.audit.timeline.History.day;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.audit.timeline.Timeline.Bar;
import dev.holdfast.audit.timeline.Timeline.Line;
import dev.holdfast.audit.timeline.Timeline.Mark;
import dev.holdfast.audit.timeline.Timeline.Strip;
import dev.holdfast.audit.timeline.Timeline.Tick;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final History history = new History();

    // ---- what was believed

    @Test
    void anAddressHoldsUntilTheNext() {
        history.registered(1, "a").changed(5, "b").changed(9, "c");
        assertThat(history.beliefs(30)).containsExactly("a 1-5", "b 5-9", "c 9-");
        assertThat(history.beliefs(8)).containsExactly("a 1-5", "b 5-");
    }

    @Test
    void aCorrectionReplacesTheBeliefOfThePastFromWhenItIsRecorded() {
        history.registered(1, "a").changed(10, "b").corrected(20, 4, "c");
        assertThat(history.beliefs(19)).containsExactly("a 1-10", "b 10-");
        assertThat(history.beliefs(20)).containsExactly("a 1-4", "c 4-10", "b 10-");
    }

    @Test
    void ofCorrectionsThatOverlapTheLaterValidTimeCountsAndOfOneTimeTheLaterRecorded() {
        history.registered(1, "a")
                .changed(20, "b")
                .corrected(21, 5, "c")
                .corrected(22, 3, "d")
                .corrected(23, 5, "e");
        assertThat(history.beliefs(22)).containsExactly("a 1-3", "d 3-5", "c 5-20", "b 20-");
        assertThat(history.beliefs(23)).containsExactly("a 1-3", "d 3-5", "e 5-20", "b 20-");
    }

    @Test
    void aVerificationIsOfTheAddressOfItsTime() {
        history.registered(1, "a")
                .verified(3)
                .changed(5, "b")
                .corrected(7, 2, "c")
                .verified(9);
        assertThat(history.beliefs(2)).containsExactly("a 1-");
        assertThat(history.beliefs(3)).containsExactly("a✓ 1-");
        assertThat(history.beliefs(8)).containsExactly("a✓ 1-2", "c 2-5", "b 5-");
        assertThat(history.beliefs(9)).containsExactly("a✓ 1-2", "c 2-5", "b✓ 5-");
    }

    @Test
    void beforeTheFirstNothingIsKnown() {
        history.registered(5, "a");
        assertThat(history.beliefs(4)).isEmpty();
    }

    // ---- what is drawn of it

    @Test
    void aCorrectionIsDrawnFromItsMarkToItsBarAndHatchedInBetween() {
        // Given
        history.registered(1, "a@x").changed(10, "b@x").corrected(20, 4, "c@x");

        // When
        Timeline drawn = history.draw(30, 30);

        // Then
        Strip strip = drawn.strips().getFirst();
        Mark mark = drawn.marks().getLast();
        Bar bar = bar(drawn, "c@x");
        assertThat(drawn.strips()).hasSize(1);
        assertThat(mark.kind()).isEqualTo("corrected");
        assertThat(strip.x() + strip.width()).isEqualTo(mark.x());
        assertThat(strip.x()).isEqualTo(bar.x());
        assertThat(strip.title()).contains("something else was believed");
        assertThat(history.draw(19, 19).strips()).isEmpty();
    }

    @Test
    void correctionsAtOneTimeHaveARowEach() {
        history.registered(1, "a").changed(20, "b").corrected(21, 5, "c").corrected(22, 3, "d");
        List<Strip> strips = history.draw(30, 30).strips();
        assertThat(strips).hasSize(2);
        assertThat(strips.get(1).y()).isGreaterThan(strips.get(0).y());
        assertThat(history.draw(30, 30).lanes().bars())
                .isGreaterThan(history.draw(21, 21).lanes().bars());
    }

    @Test
    void barsCoverTheTimeUpToTheMomentWithoutAHoleOrAnOverlap() {
        history.registered(3, "a").changed(5, "b").corrected(9, 4, "c").changed(12, "d");
        for (int asOf = 1; asOf <= 30; asOf++) {
            List<Bar> bars = history.draw(asOf, asOf).bars();
            for (int i = 1; i < bars.size(); i++) {
                Bar before = bars.get(i - 1);
                assertThat(bars.get(i).x()).as("as of day %d", asOf).isEqualTo(before.x() + before.width());
            }
            assertThat(bars.getFirst().kind()).isEqualTo("gap");
            assertThat(bars.getLast().x() + bars.getLast().width())
                    .isEqualTo(history.draw(asOf, asOf).lines().getFirst().x());
        }
    }

    @Test
    void whatWasRecordedLaterIsFaintAndNotBelieved() {
        history.registered(1, "a").changed(10, "b");
        Timeline drawn = history.draw(5, 5);
        assertThat(drawn.marks().stream().map(Mark::later)).containsExactly(false, true);
        assertThat(drawn.bars().stream().map(Bar::label)).containsExactly("no address", "a");
    }

    @Test
    void whoIsForgottenHasNoAddressInTheDrawing() {
        history.registered(1, "a@x").changed(10, "b@x").erased(20);
        Timeline drawn = history.draw(30, 30);
        assertThat(drawn.bars().stream().map(Bar::kind)).containsExactly("gap", "unread", "unread", "gap");
        assertThat(drawn.bars().stream().map(Bar::label))
                .containsExactly("no address", "forgotten", "forgotten", "erased");
        assertThat(drawn.toString()).doesNotContain("@");
        assertThat(drawn.marks().getLast().kind()).isEqualTo("erased");
    }

    @Test
    void anAddressThatAnsweredIsMarkedInItsBar() {
        history.registered(1, "a@x").verified(3);
        assertThat(bar(history.draw(30, 30), "✓ a@x").verified()).isTrue();
        assertThat(bar(history.draw(2, 2), "a@x").verified()).isFalse();
    }

    @Test
    void beforeTheFirstEventThereIsAGapUpToTheMoment() {
        history.registered(5, "a").changed(9, "b");
        Timeline drawn = history.draw(2, 2);
        assertThat(drawn.bars().stream().map(Bar::kind)).containsExactly("gap");
        assertThat(drawn.lines().getFirst().x())
                .isLessThan(drawn.marks().getFirst().x());
        assertThat(drawn.summary()).contains("no address");
    }

    @Test
    void twoMomentsHaveTwoLinesAndOneHasOne() {
        history.registered(1, "a").changed(10, "b");
        Timeline two = history.draw(20, 5);
        assertThat(two.lines().stream().map(Line::kind)).containsExactly("as-of", "valid-at");
        assertThat(two.lines().get(1).x()).isLessThan(two.lines().get(0).x());
        assertThat(history.draw(20, 20).lines().stream().map(Line::label)).containsExactly("as of, valid at");
        assertThat(history.draw(20, 25).lines()).hasSize(1);
    }

    @Test
    void aUserWithoutEventsIsAnEmptyDrawing() {
        Timeline drawn = history.draw(30, 30);
        assertThat(drawn.marks()).isEmpty();
        assertThat(drawn.bars().stream().map(Bar::kind)).doesNotContain("address");
        assertThat(drawn.summary()).startsWith("0 events");
    }

    @Test
    void oneEventIsDrawn() {
        history.registered(30, "a@example.org");
        Timeline drawn = history.draw(30, 30);
        assertThat(drawn.marks()).hasSize(1);
        assertThat(drawn.ticks()).hasSize(1);
        assertThat(drawn.lines().getFirst().x())
                .isEqualTo(drawn.marks().getFirst().x());
    }

    @Test
    void inTheMiddleOfAHistoryWhatWasBeforeIsNotGuessed() {
        // Given
        history.registered(1, "a")
                .changed(5, "b")
                .changed(10, "c")
                .corrected(12, 3, "d")
                .changed(15, "e");

        // When
        Timeline drawn = Timeline.of(history.entries.subList(2, 5), false, "forgotten", day(30), day(30), day(30));

        // Then
        assertThat(drawn.bars().stream().map(Bar::kind)).containsExactly("unknown", "address", "address");
        assertThat(drawn.bars().stream().map(Bar::label)).containsExactly("decided earlier", "c", "e");
    }

    // ---- scale

    @Test
    void momentsKeepTheirOrderAndADistance() {
        // Given
        Instant start = day(1);
        List<Instant> moments = List.of(start, start.plusNanos(1_000), start.plusSeconds(1), day(400));

        // When
        TimeScale scale = TimeScale.of(moments, 100, 1_000, 50);

        // Then
        List<Double> places = moments.stream().map(scale::place).toList();
        assertThat(places.getFirst()).isEqualTo(100);
        assertThat(places.getLast()).isEqualTo(1_000);
        for (int i = 1; i < places.size(); i++) {
            assertThat(places.get(i) - places.get(i - 1)).isGreaterThanOrEqualTo(50);
        }
        assertThat(scale.place(day(200))).isStrictlyBetween(places.get(2), places.get(3));
        assertThat(scale.place(day(0))).isEqualTo(100);
        assertThat(scale.place(day(500))).isEqualTo(1_000);
    }

    @Test
    void whatIsFarApartIsToScale() {
        TimeScale scale = TimeScale.of(List.of(day(1), day(11), day(31)), 0, 1_000, 50);
        assertThat(scale.place(day(11))).isEqualTo(50 + 900 / 3.0);
    }

    @Test
    void fiveHundredEventsAreDrawnApart() {
        // Given
        history.registered(1, "a");
        IntStream.range(2, 501).forEach(day -> history.changed(day, "a%d@example.org".formatted(day)));

        // When
        Timeline drawn = Timeline.of(history.entries, true, "forgotten", day(600), day(600), day(600));

        // Then
        List<Integer> places = drawn.marks().stream().map(Mark::x).toList();
        assertThat(places).isSorted().doesNotHaveDuplicates().hasSize(500);
        assertThat(drawn.marks().stream().map(Mark::label).distinct()).contains("1", "500");
        List<Integer> ticks = drawn.ticks().stream().map(Tick::x).toList();
        for (int i = 1; i < ticks.size(); i++) {
            assertThat(ticks.get(i) - ticks.get(i - 1)).isGreaterThanOrEqualTo(90);
        }
        assertThat(drawn.width()).isLessThan(12_000);
    }

    @Test
    void labelsOfMarksDoNotLieOnEachOther() {
        history.registered(1, "a");
        IntStream.range(2, 25).forEach(day -> history.changed(day, "b"));
        List<Mark> labelled = history.draw(30, 30).marks().stream()
                .filter(mark -> !mark.label().isEmpty())
                .toList();
        assertThat(labelled).hasSizeGreaterThan(20);
        for (Mark one : labelled) {
            assertThat(labelled.stream()
                            .filter(other -> other.x() != one.x() && other.labelY() == one.labelY())
                            .map(other -> Math.abs(other.x() - one.x())))
                    .allSatisfy(distance -> assertThat(distance)
                            .isGreaterThanOrEqualTo((int) (one.label().length() * 7.5)));
        }
    }

    private static Bar bar(Timeline drawn, String label) {
        return drawn.bars().stream()
                .filter(bar -> bar.label().equals(label))
                .findFirst()
                .orElseThrow();
    }
}
