package dev.holdfast.platform.outbox;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@link Outbox#append} for a feature that works with Hibernate Reactive: the same rows, in the session's transaction. */
public final class SessionOutbox {
    private static final String APPEND = """
            INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, payload, traceparent)
            VALUES (:eventId, :topic, :type, :aggregateId, :aggregateVersion, :occurredAt, :payload,
                    cast(:traceparent as text))
            """;

    private SessionOutbox() {}

    /** Flushes first, so that the aggregate's row is locked before its event gets an id. One statement per event. */
    public static Uni<Void> append(Mutiny.Session session, List<OutboxEvent> events) {
        return session.flush()
                .chain(() -> Multi.createFrom()
                        .iterable(events)
                        .onItem()
                        .transformToUniAndConcatenate(event -> insert(session, event))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private static Uni<Integer> insert(Mutiny.Session session, OutboxEvent event) {
        return session.createNativeQuery(APPEND)
                .setParameter("eventId", event.eventId())
                .setParameter("topic", event.topic())
                .setParameter("type", event.type())
                .setParameter("aggregateId", event.aggregateId())
                .setParameter("aggregateVersion", event.aggregateVersion())
                .setParameter("occurredAt", event.occurredAt())
                .setParameter("payload", event.payload())
                .setParameter("traceparent", event.traceparent())
                .executeUpdate();
    }
}
