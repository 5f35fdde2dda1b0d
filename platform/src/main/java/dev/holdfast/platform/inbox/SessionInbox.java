package dev.holdfast.platform.inbox;

import io.smallrye.mutiny.Uni;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link Inbox#receiveOnce} for a feature that works with Hibernate Reactive: the same row, in the session's transaction. */
public final class SessionInbox {
    private static final String ONCE = """
            INSERT INTO inbox_event (consumer, event_id) VALUES (:consumer, :eventId) ON CONFLICT DO NOTHING
            """;

    private SessionInbox() {}

    /** True the first time this id is seen. */
    public static Uni<Boolean> receiveOnce(Mutiny.Session session, String consumer, UUID eventId) {
        return session.createNativeQuery(ONCE)
                .setParameter("consumer", consumer)
                .setParameter("eventId", eventId)
                .executeUpdate()
                .map(inserted -> inserted == 1);
    }
}
