package dev.holdfast.media;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Walks through rows in the order of their ids, however many there are. */
public final class Batches {
    /** Before all ids. */
    public static final UUID FIRST = new UUID(0, 0);

    private Batches() {}

    /**
     * One batch after the other, each when it is asked for, until one is empty.
     *
     * @param behind gives those behind an id
     * @param id of one of them
     */
    public static <T> Multi<List<T>> of(UUID after, Function<UUID, Uni<List<T>>> behind, Function<T, UUID> id) {
        return Multi.createBy()
                .repeating()
                .uni(
                        () -> new AtomicReference<>(after),
                        last -> behind.apply(last.get()).invoke(batch -> {
                            if (!batch.isEmpty()) {
                                last.set(id.apply(batch.getLast()));
                            }
                        }))
                .until(List::isEmpty);
    }
}
