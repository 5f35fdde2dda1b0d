package dev.holdfast.product.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.OutboxEvent;
import dev.holdfast.platform.outbox.SessionOutbox;
import dev.holdfast.product.ProductConfig;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What is written beside an order with each change: its history, and the event that tells others. The change itself is
 * flushed first, because that is what locks the row and gives the order the version under which both are filed.
 */
@Singleton
class OrderJournal {
    private final Ids ids;
    private final ObjectMapper json;
    private final String topic;

    OrderJournal(Ids ids, ObjectMapper json, ProductConfig config) {
        this.ids = ids;
        this.json = json;
        this.topic = config.order().eventTopic();
    }

    /** A new order, or one whose status has just changed. */
    Uni<Void> statusChanged(OrderEntity order, OrderEvent event, Instant now) {
        return Panache.getSession()
                .chain(session -> session.flush()
                        .chain(() -> session.persist(new StatusChangeEntity(order, now)))
                        .chain(() -> tell(session, order, event, now)));
    }

    Uni<Void> refundNoted(OrderEntity order, RefundEntity refund) {
        return Panache.getSession()
                .chain(session -> session.flush()
                        .chain(() -> session.persist(refund))
                        .chain(() -> tell(session, order, refund.toEvent(), refund.notedAt())));
    }

    private Uni<Void> tell(Mutiny.Session session, OrderEntity order, OrderEvent event, Instant now) {
        return SessionOutbox.append(
                session,
                List.of(OutboxEvent.of(
                        ids.next(), topic, event.type(), order.id().toString(), order.version(), now, toJson(event))));
    }

    private String toJson(OrderEvent event) {
        try {
            return json.writeValueAsString(event);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("An event of ours cannot be written as JSON", impossible);
        }
    }
}
