package dev.holdfast.product.order;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Runs {@link OrderTimeouts} again and again; a sweep that fails is made up for by the next. */
@ApplicationScoped
class OrderSweep {
    private static final Logger LOG = Logger.getLogger(OrderSweep.class);

    private final OrderTimeouts timeouts;

    OrderSweep(OrderTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    @Scheduled(every = "{product.order.sweep-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> sweep() {
        return timeouts.sweep()
                .onFailure()
                .invoke(failure -> LOG.warnf("Overdue orders wait for the next sweep: %s", failure))
                .onFailure()
                .recoverWithItem(0)
                .replaceWithVoid();
    }
}
