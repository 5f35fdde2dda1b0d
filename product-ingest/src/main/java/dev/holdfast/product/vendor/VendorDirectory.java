package dev.holdfast.product.vendor;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All vendors, in memory. {@link #refresh()} is called from time to time; when it fails, the last snapshot stays.
 * Several callers share one reading, so nobody can make the vendor master work more by asking more often.
 */
public final class VendorDirectory {
    private static final Logger LOG = Logger.getLogger(VendorDirectory.class);

    private static final Duration RETRY_DELAY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_DELAY_MAX = Duration.ofSeconds(2);

    private final Supplier<Uni<List<Vendor>>> load;
    private final Clock clock;
    private final Duration recheckAfter;
    private final Duration patience;
    private final BooleanSupplier mayWait;
    private final AtomicReference<State> state = new AtomicReference<>(new State(null, null, null));
    private final AtomicReference<@Nullable CompletableFuture<State>> reading = new AtomicReference<>();

    /**
     * @param snapshot the last that could be read
     * @param attemptedAt when the last reading ended, whatever came of it
     * @param failure of the last reading; null when it was good
     */
    record State(
            @Nullable Snapshot snapshot,
            @Nullable Instant attemptedAt,
            @Nullable Throwable failure) {}

    /** @param readAt when its reading began */
    record Snapshot(Map<String, Vendor> vendors, Instant readAt) {}

    /**
     * @param load all vendors as they are now
     * @param recheckAfter a refusal is based on a snapshot that is not older than this, if one can be had
     * @param patience how long {@link #confirm} waits for that
     * @param mayWait whether the calling thread may be made to wait
     */
    VendorDirectory(
            Supplier<Uni<List<Vendor>>> load,
            Clock clock,
            Duration recheckAfter,
            Duration patience,
            BooleanSupplier mayWait) {
        this.load = load;
        this.clock = clock;
        this.recheckAfter = recheckAfter;
        this.patience = patience;
        this.mayWait = mayWait;
    }

    /**
     * Of the last snapshot, at once.
     *
     * @throws ProblemException before the first reading; the service does not start without one
     */
    public Optional<Vendor> find(String id) {
        Snapshot snapshot = state.get().snapshot();
        if (snapshot == null) {
            throw ProblemException.of(
                    ProblemType.UNAVAILABLE,
                    "The vendor master could not be read yet, so nothing can be said about vendors. Try again shortly.");
        }
        return Optional.ofNullable(snapshot.vendors().get(id));
    }

    /**
     * As {@link #find}, but says "unknown" or "not active" only on a fresh snapshot: a vendor that was registered or
     * switched on a moment ago is not refused because the snapshot is older. For that a worker thread waits, within
     * bounds and never twice for one reading; an event loop does not, it gets what the last snapshot has.
     *
     * @throws ProblemException as {@link #find}
     */
    public Optional<Vendor> confirm(String id) {
        Optional<Vendor> known = find(id);
        if (known.filter(Vendor::active).isPresent() || isFresh()) {
            return known;
        }
        CompletableFuture<State> fresh = readUnlessFresh();
        if (mayWait.getAsBoolean()) {
            waitFor(fresh);
        }
        return find(id);
    }

    /** A reading that failed counts as well: while the vendor master does not answer, nobody waits for it in turn. */
    private boolean isFresh() {
        Instant attemptedAt = state.get().attemptedAt();
        return attemptedAt != null && attemptedAt.plus(recheckAfter).isAfter(clock.instant());
    }

    private void waitFor(CompletableFuture<State> fresh) {
        try {
            fresh.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            LOG.debugf("The vendor master did not answer within %s", patience);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("A reading does not fail, it keeps its failure", impossible);
        }
    }

    /** Reads all vendors, or joins a reading that is under way. Never fails: {@link #state()} has the failure. */
    Uni<Void> refresh() {
        // a copy, because whoever cancels must not cancel it for the others
        return Uni.createFrom().completionStage(() -> read().copy()).replaceWithVoid();
    }

    /**
     * Tries until there is something to go by.
     *
     * @return fails with the reason when there is nothing after this time
     */
    Uni<Void> firstReading(Duration atMost) {
        return Uni.createFrom()
                .deferred(this::refresh)
                .invoke(this::requireSnapshot)
                .onFailure()
                .retry()
                .withBackOff(RETRY_DELAY_MIN, RETRY_DELAY_MAX)
                .expireIn(atMost.toMillis())
                .onFailure()
                .transform(failure -> new IllegalStateException(unreadable(), failure));
    }

    private void requireSnapshot() {
        if (state.get().snapshot() == null) {
            throw new IllegalStateException(unreadable());
        }
    }

    private String unreadable() {
        Throwable failure = state.get().failure();
        return "The vendor master cannot be read: "
                + (failure == null ? "not tried yet" : VendorMasterHealth.reason(failure));
    }

    private CompletableFuture<State> read() {
        return read(() -> false);
    }

    private CompletableFuture<State> readUnlessFresh() {
        return read(this::isFresh);
    }

    /** @param needless asked when no other reading is under way any more, for one may have ended just now */
    private CompletableFuture<State> read(BooleanSupplier needless) {
        var mine = new CompletableFuture<State>();
        CompletableFuture<State> others = reading.compareAndExchange(null, mine);
        if (others != null) {
            return others;
        }
        if (needless.getAsBoolean()) {
            finish(mine, state.get());
            return mine;
        }
        Instant start = clock.instant();
        Uni.createFrom()
                .deferred(load::get)
                .ifNoItem()
                .after(patience)
                .fail()
                .subscribe()
                .with(vendors -> finish(mine, succeeded(vendors, start)), failure -> finish(mine, failed(failure)));
        return mine;
    }

    private void finish(CompletableFuture<State> mine, State reached) {
        state.set(reached);
        reading.set(null);
        mine.complete(reached);
    }

    private State succeeded(List<Vendor> vendors, Instant start) {
        if (state.get().failure() != null) {
            LOG.infof("The vendor master answers again: %d vendors", vendors.size());
        }
        return new State(
                new Snapshot(
                        vendors.stream().collect(Collectors.toUnmodifiableMap(Vendor::id, Function.identity())), start),
                clock.instant(),
                null);
    }

    private State failed(Throwable failure) {
        State before = state.get();
        if (before.failure() == null) {
            LOG.warnf("The vendor master cannot be read, the last snapshot stays: %s", failure);
        }
        return new State(before.snapshot(), clock.instant(), failure);
    }

    State state() {
        return state.get();
    }
}
