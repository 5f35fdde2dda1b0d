package dev.holdfast.product.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.testkit.RaceGate;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class VendorDirectoryTest {
    private static final Duration RECHECK_AFTER = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MovableClock clock = new MovableClock();
    private final AtomicInteger readings = new AtomicInteger();
    private volatile Supplier<Uni<List<Vendor>>> master = () -> Uni.createFrom().item(List.of(vendor("acme", true)));
    private volatile boolean mayWait = true;
    private final VendorDirectory directory = new VendorDirectory(
            () -> {
                readings.incrementAndGet();
                return master.get();
            },
            clock,
            RECHECK_AFTER,
            PATIENCE,
            () -> mayWait);

    private static Vendor vendor(String id, boolean active) {
        return new Vendor(id, id, active, OptionalLong.empty(), false);
    }

    private void has(Vendor... vendors) {
        master = () -> Uni.createFrom().item(List.of(vendors));
    }

    private void refresh() {
        directory.refresh().await().atMost(PATIENCE);
    }

    @Test
    void saysNothingOfAnyoneBeforeTheFirstReading() {
        // Given
        master = () -> Uni.createFrom().failure(new IOException("not there"));

        // When / Then
        assertThatThrownBy(() -> directory.confirm("acme"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(ProblemType.UNAVAILABLE.status()));
    }

    @Test
    void aStartTriesUntilTheMasterAnswers() {
        // Given
        master = () -> readings.get() < 3
                ? Uni.createFrom().failure(new IOException("not yet"))
                : Uni.createFrom().item(List.of(vendor("acme", true)));

        // When
        directory.firstReading(PATIENCE).await().atMost(PATIENCE);

        // Then
        assertThat(readings).hasValue(3);
        assertThat(directory.find("acme")).isPresent();
    }

    @Test
    void aStartFailsWithTheReasonWhenTheMasterStaysAway() {
        // Given
        master = () -> Uni.createFrom().failure(new IOException("gone"));

        // When / Then
        assertThatThrownBy(() ->
                        directory.firstReading(Duration.ofMillis(200)).await().atMost(PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The vendor master cannot be read: no answer");
    }

    @Test
    void aVendorThatWasSwitchedOffIsSoAfterTheNextRefresh() {
        // Given
        refresh();
        has(vendor("acme", false));
        assertThat(directory.confirm("acme").orElseThrow().active()).isTrue();

        // When
        refresh();

        // Then
        assertThat(directory.confirm("acme").orElseThrow().active()).isFalse();
    }

    @Test
    void theLastSnapshotStaysWhenTheMasterIsGone() {
        // Given
        refresh();
        master = () -> Uni.createFrom().failure(new IOException("gone"));

        // When
        refresh();

        // Then
        assertThat(directory.find("acme")).isPresent();
        assertThat(directory.state().failure()).hasMessage("gone");
    }

    @Test
    void aStrangerIsLookedUpBeforeItIsRefused() {
        // Given
        refresh();
        has(vendor("acme", true), vendor("hooli", true));
        clock.advance(RECHECK_AFTER);

        // When / Then
        assertThat(directory.confirm("hooli")).isPresent();
    }

    @Test
    void aVendorThatWasSwitchedOnIsLookedUpBeforeItIsRefused() {
        // Given
        has(vendor("acme", false));
        refresh();
        has(vendor("acme", true));
        clock.advance(RECHECK_AFTER);

        // When / Then
        assertThat(directory.confirm("acme").orElseThrow().active()).isTrue();
    }

    @Test
    void aFeedFullOfStrangersCausesOneReadingPerInterval() {
        // Given
        refresh();
        clock.advance(RECHECK_AFTER);
        int before = readings.get();

        // When
        for (int i = 0; i < 1_000; i++) {
            assertThat(directory.confirm("stranger-" + i)).isEmpty();
        }

        // Then
        assertThat(readings.get() - before).isEqualTo(1);
    }

    @Test
    void whileTheMasterIsGoneStrangersDoNotCauseAReadingEach() {
        // Given
        refresh();
        clock.advance(RECHECK_AFTER);
        master = () -> Uni.createFrom().failure(new IOException("gone"));
        int before = readings.get();

        // When
        for (int i = 0; i < 1_000; i++) {
            assertThat(directory.confirm("stranger-" + i)).isEmpty();
        }

        // Then
        assertThat(readings.get() - before).isEqualTo(1);
    }

    @Test
    void anEventLoopIsNotMadeToWait() {
        // Given
        refresh();
        clock.advance(RECHECK_AFTER);
        mayWait = false;
        var emitters = new ArrayList<UniEmitter<? super List<Vendor>>>();
        master = () -> Uni.createFrom().emitter(emitters::add);

        // When
        var answer = directory.confirm("hooli");

        // Then
        assertThat(answer).isEmpty();
        assertThat(emitters).hasSize(1);
        emitters.getFirst().complete(List.of(vendor("hooli", true)));
        assertThat(directory.find("hooli")).isPresent();
    }

    @Test
    void manyWhoAskAtOnceShareOneReading() throws InterruptedException {
        // Given: a master that answers when all have asked
        refresh();
        clock.advance(RECHECK_AFTER);
        int workers = 16;
        int before = readings.get();
        var asking = new CountDownLatch(workers);
        master = () -> Uni.createFrom()
                .item(() -> {
                    awaitUnchecked(asking);
                    return List.of(vendor("hooli", true));
                })
                .runSubscriptionOn(Thread::startVirtualThread);

        // When
        RaceGate<Boolean> answers = RaceGate.race(workers, worker -> () -> {
            asking.countDown();
            return directory.confirm("hooli").isPresent();
        });

        // Then
        answers.assertWinners(workers, present -> present);
        assertThat(readings.get() - before).isEqualTo(1);
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
