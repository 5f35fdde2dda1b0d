package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailHistory;
import dev.holdfast.audit.email.EmailHistory.Disclosed;
import dev.holdfast.audit.email.EmailHistory.State;
import dev.holdfast.audit.email.Moments;
import dev.holdfast.audit.email.ReadNote;
import dev.holdfast.audit.key.WrongKeyException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a window of a user's history, as wide as can be drawn. */
@Singleton
class Looks {
    static final int EVENTS_MAX = 500;

    private final EmailHistory history;

    Looks(EmailHistory history) {
        this.history = history;
    }

    /** Empty for a user that nobody knows. */
    Uni<Optional<Look>> at(UUID user, Moments moments, @Nullable Long to, Instant now, @Nullable ReadNote note) {
        return history.asOf(user, moments.asOf(), moments.validAt(), note)
                .chain(found -> found.map(
                                state -> disclosed(user, Window.of(state.headVersion(), to), Moments.latest(now), note)
                                        .map(events -> Optional.of(new Look(state, events, moments, now, true))))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())))
                .onFailure(WrongKeyException.class)
                .recoverWithUni(() -> unread(user, moments, to, now));
    }

    /** Versions from one to another, both included. */
    private record Window(long first, long last) {
        static Window of(long head, @Nullable Long to) {
            long last = to == null ? head : Math.clamp(to, 1, Math.max(1, head));
            return new Window(Math.max(1, last - EVENTS_MAX + 1), last);
        }
    }

    private Uni<List<Disclosed>> disclosed(UUID user, Window window, Instant end, @Nullable ReadNote note) {
        return recorded(user, window.first() - 1)
                .chain(before -> recorded(user, window.last())
                        .chain(last -> history.history(
                                user, before.orElse(Moments.BEGINNING), last.orElse(end), EVENTS_MAX, note)));
    }

    Uni<Optional<Instant>> recorded(UUID user, long version) {
        return history.events(user, version, version)
                .map(found -> found.stream().findFirst().map(EmailEvent::recordedAt));
    }

    /** All but the addresses. Who reads has been noted; before the first event there is nothing to decrypt. */
    private Uni<Optional<Look>> unread(UUID user, Moments moments, @Nullable Long to, Instant now) {
        return history.asOf(user, Moments.BEGINNING, Moments.BEGINNING, null).chain(found -> {
            State nothing = found.orElseThrow();
            Window window = Window.of(nothing.headVersion(), to);
            return history.events(user, window.first(), window.last())
                    .map(events -> Optional.of(new Look(
                            nothing,
                            events.stream()
                                    .map(event -> new Disclosed(event, Optional.empty()))
                                    .toList(),
                            moments,
                            now,
                            false)));
        });
    }
}
