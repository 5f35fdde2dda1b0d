package dev.holdfast.media.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.testkit.RaceGate;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
    private static final int ASKERS = 200;

    private final SingleFlight<String, Integer> flights = new SingleFlight<>(2);
    private final AtomicInteger begun = new AtomicInteger();

    /** Mutiny sets itself up when it is first used, which must not be by many at once. */
    @BeforeAll
    static void useMutiny() {
        Uni.createFrom().voidItem().subscribe().with(done -> {});
    }

    /** The work counts how often it was begun. */
    private CompletableFuture<Integer> ask(String key, CompletableFuture<Void> until) {
        return flights.join(key, () -> {
                    int number = begun.incrementAndGet();
                    return Uni.createFrom().completionStage(until).replaceWith(number);
                })
                .subscribeAsCompletionStage();
    }

    @Test
    void allWhoAskMeanwhileShareOneFlight() throws Exception {
        // Given
        var until = new CompletableFuture<Void>();

        // When
        RaceGate<CompletableFuture<Integer>> race = RaceGate.race(ASKERS, number -> () -> ask("a", until));
        until.complete(null);

        // Then
        race.assertWinners(ASKERS, asked -> asked.join() == 1);
    }

    /** A flight that lands while others still come: who comes afterwards finds what it has made, and its place. */
    @Test
    void whatLandsWhileOthersComeIsMadeOnce() throws Exception {
        for (int round = 0; round < 50; round++) {
            // Given
            var flights = new SingleFlight<String, Integer>(1);
            var made = new ConcurrentHashMap<String, Integer>();
            begun.set(0);

            // When
            RaceGate<Integer> race = RaceGate.race(
                    20,
                    number -> () -> flights.join(
                                    "a",
                                    () -> Uni.createFrom()
                                            .item(() -> made.computeIfAbsent("a", _ -> begun.incrementAndGet())))
                            .subscribeAsCompletionStage()
                            .get(10, TimeUnit.SECONDS));

            // Then
            race.assertWinners(20, number -> number == 1);
        }
    }

    @Test
    void whoLeavesLeavesItToTheOthers() {
        // Given the one who has begun it, and another
        var until = new CompletableFuture<Void>();
        Cancellable first = flights.join(
                        "a", () -> Uni.createFrom().completionStage(until).replaceWith(begun.incrementAndGet()))
                .subscribe()
                .with(number -> {});
        CompletableFuture<Integer> other = ask("a", until);

        // When
        first.cancel();

        // Then
        assertThat(other).isNotDone();
        until.complete(null);
        assertThat(other.join()).isEqualTo(1);
    }

    @Test
    void aFailureIsEverybodysAndTheNextOneTriesAgain() {
        // Given
        var until = new CompletableFuture<Void>();
        CompletableFuture<Integer> one = ask("a", until);
        CompletableFuture<Integer> other = ask("a", until);

        // When
        until.completeExceptionally(new IllegalStateException("broken"));

        // Then
        assertThatThrownBy(one::join).hasRootCauseMessage("broken");
        assertThatThrownBy(other::join).hasRootCauseMessage("broken");
        assertThat(ask("a", CompletableFuture.completedFuture(null)).join()).isEqualTo(2);
    }

    @Test
    void workThatThrowsIsAFailureAndNoFlightThatNeverLands() {
        Uni<Integer> broken = flights.join("a", () -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> broken.subscribeAsCompletionStage().join()).hasRootCauseMessage("broken");
        assertThat(ask("a", CompletableFuture.completedFuture(null)).join()).isEqualTo(1);
    }

    @Test
    void turnsAwayWhoWouldBeginOneTooMany() {
        // Given
        var until = new CompletableFuture<Void>();
        CompletableFuture<Integer> a = ask("a", until);
        CompletableFuture<Integer> b = ask("b", until);

        // When
        CompletableFuture<Integer> c = ask("c", until);
        CompletableFuture<Integer> another = ask("a", until);

        // Then
        assertThatThrownBy(c::join).hasCauseInstanceOf(OverloadedException.class);
        until.complete(null);
        assertThat(a.join()).isEqualTo(another.join());
        assertThat(b.join()).isEqualTo(2);
        assertThat(ask("c", until).join()).isEqualTo(3);
    }
}
