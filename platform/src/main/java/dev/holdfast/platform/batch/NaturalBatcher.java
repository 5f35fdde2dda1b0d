package dev.holdfast.platform.batch;

import dev.holdfast.platform.postgres.FailureClass;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Lets calls share transactions without a timer: those that come while a batch is under way form the next one
 * (Thompson, "Smart Batching", 2011). Who finds nobody goes at once and alone.
 *
 * <p>Of calls with the same key one is under way at a time, in their order; keys take turns, so that whoever asks much does not
 * keep the others waiting.
 */
public final class NaturalBatcher<T, R> {
    private final Limits limits;
    private final ToIntFunction<T> weight;
    private final Function<T, ?> key;
    private final Function<List<T>, Uni<List<R>>> transaction;

    private final Map<Object, Deque<Waiting<T, R>>> ready = new LinkedHashMap<>();
    private final Map<Object, Deque<Waiting<T, R>>> behindOthers = new HashMap<>();
    private int waiting;
    private int busy;

    /**
     * @param batch weight of a batch; a call that is heavier goes by itself
     * @param lanes batches under way at once
     * @param waiting weight of those who wait; more are refused
     */
    public record Limits(int batch, int lanes, int waiting) {}

    private record Waiting<T, R>(T call, Object key, int weight, UniEmitter<? super R> caller) {}

    /**
     * @param key of a call; two with the same are never in one batch
     * @param transaction carries out some calls, all or none, with a result for each
     */
    public NaturalBatcher(
            Limits limits, ToIntFunction<T> weight, Function<T, ?> key, Function<List<T>, Uni<List<R>>> transaction) {
        this.limits = limits;
        this.weight = weight;
        this.key = key;
        this.transaction = transaction;
    }

    /** @return its own result or failure; {@link OverloadedException} when too many wait already */
    public Uni<R> submit(T call) {
        return Uni.createFrom()
                .emitter(caller -> add(new Waiting<>(call, key.apply(call), weight.applyAsInt(call), caller)));
    }

    private void add(Waiting<T, R> one) {
        synchronized (this) {
            // whoever is first may be larger than the limit: it would never come in otherwise
            if (waiting > 0 && waiting + one.weight() > limits.waiting()) {
                one.caller().fail(new OverloadedException(waiting));
                return;
            }
            waiting += one.weight();
            Deque<Waiting<T, R>> behind = behindOthers.get(one.key());
            (behind == null ? ready.computeIfAbsent(one.key(), none -> new ArrayDeque<>(1)) : behind).addLast(one);
        }
        runFreeLanes();
    }

    private void runFreeLanes() {
        for (List<Waiting<T, R>> batch = next(); !batch.isEmpty(); batch = next()) {
            run(batch);
        }
    }

    /** As many as may go now. */
    private synchronized List<Waiting<T, R>> next() {
        var batch = new ArrayList<Waiting<T, R>>();
        if (busy >= limits.lanes()) {
            return batch;
        }
        int size = 0;
        for (var keys = ready.entrySet().iterator(); keys.hasNext(); ) {
            var ofKey = keys.next();
            int more = ofKey.getValue().getFirst().weight();
            if (!batch.isEmpty() && size + more > limits.batch()) {
                break;
            }
            size += more;
            batch.add(ofKey.getValue().removeFirst());
            behindOthers.put(ofKey.getKey(), ofKey.getValue());
            keys.remove();
        }
        waiting -= size;
        if (!batch.isEmpty()) {
            busy++;
        }
        return batch;
    }

    private void leaveLane(List<Waiting<T, R>> batch) {
        synchronized (this) {
            busy--;
            for (Waiting<T, R> done : batch) {
                Deque<Waiting<T, R>> behind = behindOthers.remove(done.key());
                if (behind != null && !behind.isEmpty()) {
                    ready.put(done.key(), behind);
                }
            }
        }
        runFreeLanes();
    }

    private void run(List<Waiting<T, R>> batch) {
        carryOut(batch)
                .subscribe()
                .with(
                        results -> {
                            leaveLane(batch);
                            for (int i = 0; i < batch.size(); i++) {
                                batch.get(i).caller().complete(results.get(i));
                            }
                        },
                        failure -> {
                            if (batch.size() > 1 && isOfOneOfThem(failure)) {
                                runOneByOne(batch, 0);
                            } else {
                                leaveLane(batch);
                                batch.forEach(one -> one.caller().fail(failure));
                            }
                        });
    }

    private Uni<List<R>> carryOut(List<Waiting<T, R>> batch) {
        return Uni.createFrom()
                .deferred(() ->
                        transaction.apply(batch.stream().map(Waiting::call).toList()));
    }

    /** Whoever of a batch it was that the database will not take, the others shall not suffer for it. */
    private void runOneByOne(List<Waiting<T, R>> batch, int index) {
        if (index == batch.size()) {
            leaveLane(batch);
            return;
        }
        Waiting<T, R> one = batch.get(index);
        carryOut(List.of(one))
                .subscribe()
                .with(
                        results -> {
                            one.caller().complete(results.getFirst());
                            runOneByOne(batch, index + 1);
                        },
                        failure -> {
                            one.caller().fail(failure);
                            runOneByOne(batch, index + 1);
                        });
    }

    private static boolean isOfOneOfThem(Throwable failure) {
        return switch (FailureClass.of(failure)) {
            case DATA, DEFECT -> true;
            case PAUSE, RETRY -> false;
        };
    }
}
