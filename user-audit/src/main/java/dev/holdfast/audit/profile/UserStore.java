package dev.holdfast.audit.profile;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads and locks users, inside the session of the caller. */
@Singleton
class UserStore implements PanacheRepositoryBase<UserEntity, UUID> {
    /** Of all that changes a user this comes first, so that what is told of them has one order. */
    private static final String NEXT_EVENT = """
            UPDATE email_current SET told = told + 1 WHERE user_id = :user RETURNING told
            """;

    Uni<Optional<UserEntity>> ofId(UUID id) {
        return findById(id).map(Optional::ofNullable);
    }

    /** Locks the user; the number of the event about to be told, or empty for a user that nobody knows. */
    Uni<Optional<Long>> nextEvent(Mutiny.Session session, UUID user) {
        return session.createNativeQuery(NEXT_EVENT, Long.class)
                .setParameter("user", user)
                .getResultList()
                .map(found -> found.stream().findFirst());
    }
}
