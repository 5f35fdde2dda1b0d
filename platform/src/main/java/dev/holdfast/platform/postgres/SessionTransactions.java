package dev.holdfast.platform.postgres;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.function.Supplier;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/**
 * The one way from a feature that works with Hibernate Reactive to a transaction: a session of its own, READ COMMITTED, run again when it lost to a rival.
 *
 * <p>A session lives on the Vert.x context of whoever asked for it. A pause before a retry ends on some other thread,
 * so each attempt first goes back to that context.
 */
public final class SessionTransactions {
    private final TransactionRetry retry;

    public SessionTransactions(TransactionRetry retry) {
        this.retry = retry;
    }

    /**
     * To be called on a Vert.x context; what it returns may be subscribed to from anywhere, and again.
     *
     * @param work may run several times; it must have no effect outside the database, and do one thing after the other
     */
    public <T> Uni<T> inTransaction(Supplier<Uni<T>> work) {
        Context context = Objects.requireNonNull(Vertx.currentContext(), "not on a Vert.x context");
        return retry.execute(() -> Uni.createFrom()
                .voidItem()
                .emitOn(task -> context.runOnContext(ignored -> task.run()))
                .chain(() -> Panache.withTransaction(work)));
    }

    /** The name of the constraint that refused, if one did. Hibernate does not hand on the driver's own exception. */
    public static @Nullable String constraint(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConstraintViolationException violation) {
                return violation.getConstraintName();
            }
        }
        return null;
    }
}
