package dev.holdfast.product.feed;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Looks into the waiting room at intervals, and at once when a GTIN has become free. */
@ApplicationScoped
class WaitingRoomSchedule {
    private static final Logger LOG = Logger.getLogger(WaitingRoomSchedule.class);

    private final WaitingRoom room;
    private final FeedService service;
    private final AtomicBoolean busy = new AtomicBoolean();

    WaitingRoomSchedule(WaitingRoom room, FeedService service) {
        this.room = room;
        this.service = service;
    }

    @PostConstruct
    void listen() {
        service.onReleased(gtins -> look().subscribe().with(done -> {}));
    }

    /** Goes on as long as someone leaves. Never fails: what goes wrong now is tried again at the next look. */
    @Scheduled(
            every = "{product.feed.waiting-interval}",
            delayed = "{product.feed.waiting-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return busy.compareAndSet(false, true)
                ? lookAgain()
                        .onFailure()
                        .invoke(failure -> LOG.warnf("The waiting room could not be looked through: %s", failure))
                        .onFailure()
                        .recoverWithNull()
                        .onTermination()
                        .invoke(() -> busy.set(false))
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> lookAgain() {
        return room.letGo()
                .chain(left -> left > 0 ? lookAgain() : Uni.createFrom().voidItem());
    }
}
