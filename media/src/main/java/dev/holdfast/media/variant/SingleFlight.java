package dev.holdfast.media.variant;

import dev.holdfast.media.store.CallerContext;
import dev.holdfast.platform.batch.OverloadedException;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * One piece of work for a key at a time, whose outcome is that of all who ask meanwhile. It belongs to none of them: it goes on when
 * they leave, whoever began it.
 *
 * <p>Who comes a moment too late begins it anew, so work looks first whether it has been done.
 */
final class SingleFlight<K, V> {
    private final ConcurrentHashMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();
    private final Semaphore places;
    private final int flightsMax;

    /** @param flightsMax pieces of work under way; whoever would begin one more gets an {@link OverloadedException} */
    SingleFlight(int flightsMax) {
        this.flightsMax = flightsMax;
        this.places = new Semaphore(flightsMax);
    }

    /** @param work begins when somebody subscribes, unless it is under way; completes on the caller's context */
    Uni<V> join(K key, Supplier<Uni<V>> work) {
        // of a copy, because who leaves cancels what it waits for
        return CallerContext.answer(
                Uni.createFrom().completionStage(() -> flight(key, work).copy()));
    }

    private CompletableFuture<V> flight(K key, Supplier<Uni<V>> work) {
        var mine = new CompletableFuture<V>();
        CompletableFuture<V> underWay = flights.putIfAbsent(key, mine);
        if (underWay != null) {
            return underWay;
        }
        if (places.tryAcquire()) {
            Uni.createFrom()
                    .deferred(work::get)
                    .onTermination()
                    .invoke(() -> {
                        // in this order: who begins it anew, because it is no longer under way, finds the place
                        places.release();
                        flights.remove(key, mine);
                    })
                    .subscribe()
                    .with(mine::complete, mine::completeExceptionally);
        } else {
            flights.remove(key, mine);
            mine.completeExceptionally(new OverloadedException(flightsMax));
        }
        return mine;
    }
}
