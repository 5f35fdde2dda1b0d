package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailHistory;
import dev.holdfast.audit.email.EmailHistory.Disclosed;
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
                .chain(found -> found.map(state -> disclosed(
                                        user, Versions.of(state.headVersion(), to), Moments.latest(now), note)
                                .map(events -> Optional.of(new Look(
                                        state, Versions.of(state.headVersion(), to), events, moments, now, true))))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())))
                .onFailure(WrongKeyException.class)
                .recoverWithUni(() -> unread(user, moments, to, now));
    }

    private Uni<List<Disclosed>> disclosed(UUID user, Versions drawn, Instant end, @Nullable ReadNote note) {
        return recorded(user, drawn.first() - 1)
                .chain(before -> recorded(user, drawn.last())
                        .chain(last -> history.history(
                                user, before.orElse(Moments.BEGINNING), last.orElse(end), EVENTS_MAX, note)));
    }

    Uni<Optional<Instant>> recorded(UUID user, long version) {
        return history.events(user, version, version)
                .map(found -> found.stream().findFirst().map(EmailEvent::recordedAt));
    }

    /** All but the addresses. Who reads has been noted. */
    private Uni<Optional<Look>> unread(UUID user, Moments moments, @Nullable Long to, Instant now) {
        return history.unread(user).map(Optional::orElseThrow).chain(state -> {
            Versions drawn = Versions.of(state.headVersion(), to);
            return history.eventsThatOpen(user, drawn.first(), drawn.last())
                    .map(events -> Optional.of(new Look(
                            state,
                            drawn,
                            events.stream()
                                    .map(event -> new Disclosed(event, Optional.empty()))
                                    .toList(),
                            moments,
                            now,
                            false)));
        });
    }
}
