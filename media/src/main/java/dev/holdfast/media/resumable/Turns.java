package dev.holdfast.media.resumable;

import dev.holdfast.media.store.CallerContext;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One request at a time works on an upload.
 *
 * <p>A client whose line broke comes again before this side has noticed: a half-open connection says nothing, for hours if need be. So
 * whoever has said nothing for a while gives way to the next one; whoever is heard does not.
 */
final class Turns {
    /** Until what the other one has received is synced. */
    private static final Duration GIVING_WAY_MAX = Duration.ofSeconds(10);

    private final ConcurrentHashMap<UUID, Turn> turns = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Duration givesWayAfter;

    /** @param givesWayAfter of silence */
    Turns(Clock clock, Duration givesWayAfter) {
        this.clock = clock;
        this.givesWayAfter = givesWayAfter;
    }

    /** Empty while somebody else is at it. Who has one must end it. */
    Uni<Optional<Turn>> take(UUID upload) {
        var mine = new Turn(upload);
        Turn other = turns.putIfAbsent(upload, mine);
        if (other == null) {
            return Uni.createFrom().item(Optional.of(mine));
        }
        if (!other.givesWay()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return CallerContext.answer(Uni.createFrom().completionStage(other.ended.copy()))
                .map(ended -> Optional.of(mine).filter(turn -> turns.putIfAbsent(upload, turn) == null))
                .ifNoItem()
                .after(GIVING_WAY_MAX)
                .recoverWithItem(Optional::empty);
    }

    /** Somebody works on an upload. */
    final class Turn {
        private final UUID upload;
        private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private volatile Instant heardAt = clock.instant();
        private volatile boolean listens;

        private Turn(UUID upload) {
            this.upload = upload;
        }

        void heard() {
            heardAt = clock.instant();
        }

        private boolean givesWay() {
            if (listens && !heardAt.plus(givesWayAfter).isAfter(clock.instant())) {
                interrupted.complete(true);
            }
            return interrupted.isDone();
        }

        /** Fails with an {@link InterruptedTurnException} when somebody else comes while nothing is heard. */
        <T> Uni<T> listening(Uni<T> work) {
            Uni<T> interruption = CallerContext.answer(Uni.createFrom().completionStage(interrupted.copy()))
                    .chain(() -> Uni.createFrom().failure(new InterruptedTurnException()));
            return Uni.createFrom().deferred(() -> {
                heard();
                listens = true;
                return Uni.combine()
                        .any()
                        .of(work, interruption)
                        .onTermination()
                        .invoke(() -> listens = false);
            });
        }

        void end() {
            turns.remove(upload, this);
            ended.complete(true);
        }
    }

    /** Somebody else has come. */
    static final class InterruptedTurnException extends RuntimeException {
        InterruptedTurnException() {
            super("somebody else goes on with it", null, false, false);
        }
    }
}
