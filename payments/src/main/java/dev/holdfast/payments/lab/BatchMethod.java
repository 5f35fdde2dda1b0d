package dev.holdfast.payments.lab;

import dev.holdfast.payments.lab.LabStore.LabAccount;
import dev.holdfast.payments.lab.Load.Planned;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** {@link Mode#LOCK_COMPUTE_APPLY} in small: transfers that come while a batch is under way form the next one. */
final class BatchMethod {
    private final Pool pool;
    private final LabStore store;
    private final Recorder recorder;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private boolean busy;

    BatchMethod(Pool pool, LabStore store, Recorder recorder) {
        this.pool = pool;
        this.store = store;
        this.recorder = recorder;
    }

    private record Waiting(Planned transfer, UniEmitter<? super Boolean> client) {}

    /** Whether the money moved. */
    Uni<Boolean> move(Planned transfer) {
        return Uni.createFrom().emitter(client -> {
            synchronized (this) {
                queue.addLast(new Waiting(transfer, client));
            }
            runNext();
        });
    }

    private void runNext() {
        List<Waiting> batch;
        synchronized (this) {
            if (busy || queue.isEmpty()) {
                return;
            }
            busy = true;
            batch = List.copyOf(queue);
            queue.clear();
        }
        pool.withTransaction(connection -> apply(connection, batch))
                .onTermination()
                .invoke(() -> {
                    synchronized (this) {
                        busy = false;
                    }
                    runNext();
                })
                .subscribe()
                .with(
                        computed -> {
                            for (int i = 0; i < computed.size(); i++) {
                                computed.get(i).steps().committed();
                                batch.get(i).client().complete(computed.get(i).moved());
                            }
                        },
                        failure -> batch.forEach(one -> one.client().fail(failure)));
    }

    private Uni<List<Computed>> apply(SqlConnection connection, List<Waiting> batch) {
        var accounts = new TreeSet<Integer>();
        batch.forEach(one ->
                accounts.addAll(List.of(one.transfer().from(), one.transfer().to())));
        return store.readAndLock(connection, accounts.toArray(Integer[]::new)).chain(locked -> {
            Map<Integer, Long> balances = new HashMap<>();
            locked.values().forEach((LabAccount one) -> balances.put(one.id(), one.balance()));
            var computed = new ArrayList<Computed>();
            batch.forEach(one -> computed.add(compute(one.transfer(), balances)));
            Integer[] ids = balances.keySet().toArray(Integer[]::new);
            Long[] values = balances.values().toArray(Long[]::new);
            return store.writeAll(connection, ids, values).replaceWith(computed);
        });
    }

    private record Computed(boolean moved, Recorder.Transaction steps) {}

    private Computed compute(Planned transfer, Map<Integer, Long> balances) {
        Recorder.Transaction steps = recorder.begin(transfer, 1);
        long from = balances.getOrDefault(transfer.from(), 0L);
        steps.did(Step.Deed.READS, transfer.from(), from);
        if (from < transfer.amount()) {
            return new Computed(false, steps);
        }
        balances.merge(transfer.from(), -transfer.amount(), Long::sum);
        balances.merge(transfer.to(), transfer.amount(), Long::sum);
        steps.did(Step.Deed.WRITES, transfer.from(), from - transfer.amount());
        return new Computed(true, steps);
    }
}
