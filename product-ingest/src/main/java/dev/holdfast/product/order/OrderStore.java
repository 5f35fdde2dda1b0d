package dev.holdfast.product.order;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.LockMode;
import org.jspecify.annotations.Nullable;

/** Reads and locks orders, inside the transaction of the caller. */
@Singleton
class OrderStore implements PanacheRepositoryBase<OrderEntity, UUID> {
    private static final String WITH_LINES = "from OrderEntity o left join fetch o.lines where ";

    /** In whole microseconds, as the database keeps it: what is answered at first is what is read later. */
    static Clock inItsPrecision(Clock clock) {
        return Clock.tick(clock, Duration.ofNanos(1_000));
    }

    Uni<Optional<OrderEntity>> ofKey(String customer, String idempotencyKey) {
        return find(WITH_LINES + "o.customer = ?1 and o.idempotencyKey = ?2", customer, idempotencyKey)
                .list()
                .map(found -> found.stream().findFirst());
    }

    Uni<Optional<OrderEntity>> withLines(UUID id) {
        return find(WITH_LINES + "o.id = ?1", id)
                .list()
                .map(found -> found.stream().findFirst());
    }

    /** Whoever has it decides alone what becomes of the order, until the commit. */
    Uni<Optional<OrderEntity>> locked(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE).map(Optional::ofNullable);
    }

    /** Placed orders whose payment is overdue, locked; those that someone else decides on right now are left out. */
    Uni<List<OrderEntity>> overdue(Instant now, int limit) {
        return getSession()
                .chain(session -> session.createSelectionQuery(
                                "from OrderEntity where status = :placed and dueAt <= :now order by dueAt",
                                OrderEntity.class)
                        .setParameter("placed", OrderStatus.PLACED)
                        .setParameter("now", now)
                        .setMaxResults(limit)
                        .setLockMode(LockMode.UPGRADE_SKIPLOCKED)
                        .getResultList());
    }

    /**
     * Newest first, without their lines.
     *
     * @param customer null for everyone's
     * @param status null for any
     * @param before where the page before ended; null for the first
     */
    Uni<List<OrderEntity>> page(
            @Nullable String customer, @Nullable OrderStatus status, @Nullable UUID before, int limit) {
        var conditions = new ArrayList<String>();
        var parameters = new HashMap<String, Object>();
        if (customer != null) {
            conditions.add("customer = :customer");
            parameters.put("customer", customer);
        }
        if (status != null) {
            conditions.add("status = :status");
            parameters.put("status", status);
        }
        if (before != null) {
            conditions.add("id < :before");
            parameters.put("before", before);
        }
        String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions) + " ";
        return find("from OrderEntity " + where + "order by id desc", parameters)
                .page(0, limit)
                .list();
    }

    /** In the order in which it happened. */
    Uni<List<StatusChangeEntity>> history(UUID id) {
        return getSession()
                .chain(session -> session.createSelectionQuery(
                                "from StatusChangeEntity where key.orderId = :id order by key.orderVersion",
                                StatusChangeEntity.class)
                        .setParameter("id", id)
                        .getResultList());
    }

    Uni<Boolean> isRefundNoted(RefundEntity.Key key) {
        return getSession()
                .chain(session -> session.find(RefundEntity.class, key))
                .map(Optional::ofNullable)
                .map(Optional::isPresent);
    }
}
