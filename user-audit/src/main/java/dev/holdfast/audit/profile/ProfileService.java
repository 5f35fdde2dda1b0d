package dev.holdfast.audit.profile;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.outbox.OutboxEvent;
import dev.holdfast.platform.outbox.SessionOutbox;
import dev.holdfast.platform.postgres.SessionTransactions;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Shows and edits profiles, under a version counter: of two edits at once the second is told so. */
@Singleton
class ProfileService {
    private final SessionTransactions transactions;
    private final UserStore store;
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;
    private final String topic;

    ProfileService(
            SessionTransactions transactions,
            UserStore store,
            Outbox outbox,
            Ids ids,
            Clock clock,
            AuditConfig config) {
        this.transactions = transactions;
        this.store = store;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
        this.topic = config.eventTopic();
    }

    /** A user and the version of the profile. */
    record Shown(UserRepresentation user, long version) {}

    Uni<Optional<Shown>> find(UUID id) {
        return Panache.withSession(() -> store.ofId(id))
                .map(found -> found.map(user -> new Shown(UserRepresentation.of(user), user.version())));
    }

    /** @throws dev.holdfast.platform.problem.ProblemException when what comes of the patch is not a profile */
    Uni<EditResult> edit(UUID id, long seenVersion, ProfilePatch patch) {
        return transactions
                .inTransaction(() -> Panache.getSession().chain(session -> edit(session, id, seenVersion, patch)))
                .invoke(outbox::wake);
    }

    private Uni<EditResult> edit(Mutiny.Session session, UUID id, long seenVersion, ProfilePatch patch) {
        return store.nextEvent(session, id).chain(told -> {
            if (told.isEmpty()) {
                return Uni.createFrom().item(new EditResult.Unknown());
            }
            return store.ofId(id).chain(found -> {
                if (found.isEmpty()) {
                    return rolledBack(session, new EditResult.Unknown());
                }
                UserEntity user = found.get();
                if (user.version() != seenVersion) {
                    return rolledBack(session, new EditResult.Stale(user.version()));
                }
                user.change(patch.applyTo(user.toProfile()));
                return SessionOutbox.append(session, List.of(changed(id, told.get())))
                        .replaceWith(() -> new EditResult.Edited(UserRepresentation.of(user), user.version()));
            });
        });
    }

    /** Nothing is told of it, so its number is not taken. */
    private static Uni<EditResult> rolledBack(Mutiny.Session session, EditResult result) {
        session.currentTransaction().markForRollback();
        return Uni.createFrom().item(result);
    }

    /** Says that, not what: whoever may know asks. */
    private OutboxEvent changed(UUID user, long told) {
        Instant now = clock.instant();
        return OutboxEvent.of(
                ids.next(),
                topic,
                "user.profile_changed",
                user.toString(),
                told,
                now,
                JsonObject.of("userId", user.toString(), "changedAt", now.toString())
                        .encode());
    }
}
