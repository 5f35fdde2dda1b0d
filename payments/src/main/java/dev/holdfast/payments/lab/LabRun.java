package dev.holdfast.payments.lab;

import dev.holdfast.payments.lab.LabStore.LabAccount;
import dev.holdfast.payments.lab.Load.Planned;
import dev.holdfast.payments.lab.ScheduleRules.Conflict;
import dev.holdfast.platform.postgres.FailureClass;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Lets clients loose on play money in one {@link Mode}, and judges what came of it. */
final class LabRun {
    private static final int ATTEMPTS_MAX = 200;
    /** Where a lock keeps the others out, the one inside need not wait for them for long. */
    private static final Duration PATIENCE_WITH_LOCK = Duration.ofMillis(5);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String DEADLOCK = "40P01";
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double MICROS_PER_SECOND = 1_000_000;

    private final UUID id;
    private final Load load;
    private final Pool pool;
    private final LabStore store;
    private final Recorder recorder = new Recorder();
    private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger posted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger deadlocks = new AtomicInteger();
    private final AtomicInteger serializationFailures = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private volatile @Nullable Verdict verdict;
    private volatile @Nullable String failure;

    LabRun(UUID id, Load load, Pool pool) {
        this.id = id;
        this.load = load;
        this.pool = pool;
        this.store = new LabStore(id);
    }

    UUID id() {
        return id;
    }

    Load load() {
        return load;
    }

    /** Null while it runs. */
    @Nullable Verdict verdict() {
        return verdict;
    }

    /** Why it has no verdict, and will not have one. */
    @Nullable String failure() {
        return failure;
    }

    /** Transfers that are decided. */
    int done() {
        return posted.get() + refused.get() + givenUp.get();
    }

    Uni<Verdict> execute() {
        var transfers = transfers();
        return store.open(pool, load.accounts(), Load.BALANCE)
                .chain(() -> {
                    long start = recorder.micros();
                    List<Uni<Void>> clients = IntStream.range(0, load.clients())
                            .mapToObj(client -> client(client, transfers))
                            .toList();
                    // all of them get to their end: none may still be at it when the accounts go
                    return Uni.join().all(clients).andCollectFailures().map(done -> recorder.micros() - start);
                })
                .chain(micros -> store.balances(pool)
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .map(balances -> judge(balances, micros)))
                .invoke(judged -> verdict = judged)
                .onFailure()
                .invoke(failed -> failure = "The run did not get to its end: " + failed.getMessage())
                .onTermination()
                .call(() -> {
                    recorder.forget();
                    latencies.clear();
                    return store.clear(pool);
                });
    }

    private interface OneTransfer {
        Uni<Boolean> move(Planned transfer);
    }

    private OneTransfer transfers() {
        if (load.mode() == Mode.LOCK_COMPUTE_APPLY) {
            var batches = new BatchMethod(pool, store, recorder);
            return transfer ->
                    batches.move(transfer).onFailure(LabRun::isLostRace).invoke(this::count);
        }
        Method method = Method.of(
                load.mode(),
                store,
                new Meeting(load.clients(), load.mode().locksFirst() ? PATIENCE_WITH_LOCK : PATIENCE));
        return transfer -> attempt(method, transfer, 1);
    }

    private Uni<Void> client(int client, OneTransfer transfers) {
        return Multi.createFrom()
                .range(0, load.transfersOf(client))
                .onItem()
                .transformToUniAndConcatenate(number -> timed(transfers, load.plan(client, number)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> timed(OneTransfer transfers, Planned transfer) {
        long start = recorder.micros();
        return transfers
                .move(transfer)
                .invoke(moved -> (moved ? posted : refused).incrementAndGet())
                .onFailure(LabRun::isLostRace)
                .recoverWithItem(exhausted -> {
                    givenUp.incrementAndGet();
                    return false;
                })
                .invoke(() -> latencies.add(recorder.micros() - start))
                .replaceWithVoid();
    }

    private Uni<Boolean> attempt(Method method, Planned transfer, int number) {
        Recorder.Transaction steps = recorder.begin(transfer, number);
        return pool.withTransaction(
                        connection -> begin(connection).chain(() -> method.move(connection, transfer, steps)))
                .invoke(moved -> steps.committed())
                .onFailure(Method.NotEnoughException.class)
                .recoverWithItem(false)
                .onFailure(LabRun::isLostRace)
                .recoverWithUni(lost -> {
                    count(lost);
                    return number >= ATTEMPTS_MAX
                            ? Uni.createFrom().failure(lost)
                            : pause(number).chain(() -> attempt(method, transfer, number + 1));
                });
    }

    private Uni<Void> begin(SqlConnection connection) {
        return load.mode() == Mode.SERIALIZABLE
                ? connection
                        .query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
                        .execute()
                        .replaceWithVoid()
                : Uni.createFrom().voidItem();
    }

    private static Uni<Void> pause(int attempt) {
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(Duration.ofMillis(1 + ThreadLocalRandom.current().nextInt(Math.min(attempt, 20))));
    }

    private static boolean isLostRace(Throwable failure) {
        return failure instanceof Method.OutpacedException || FailureClass.of(failure) == FailureClass.RETRY;
    }

    private void count(Throwable lost) {
        retries.incrementAndGet();
        if (lost instanceof Method.OutpacedException) {
            return;
        }
        (DEADLOCK.equals(FailureClass.sqlState(lost)) ? deadlocks : serializationFailures).incrementAndGet();
    }

    private Verdict judge(List<LabAccount> balances, long micros) {
        long before = load.accounts() * Load.BALANCE;
        long after = balances.stream().mapToLong(LabAccount::balance).sum();
        int negative = (int) balances.stream().filter(one -> one.balance() < 0).count();
        List<Conflict> conflicts = ScheduleRules.lostUpdates(recorder.transactions());
        boolean violated = before != after || negative > 0 || !conflicts.isEmpty();
        List<Long> sorted = latencies.stream().sorted().toList();
        return new Verdict(
                violated,
                before,
                after,
                conflicts.size(),
                negative,
                posted.get(),
                refused.get(),
                deadlocks.get(),
                serializationFailures.get(),
                retries.get(),
                givenUp.get(),
                posted.get() * MICROS_PER_SECOND / Math.max(micros, 1),
                percentile(sorted, 50),
                percentile(sorted, 99),
                conflicts.isEmpty()
                        ? null
                        : new Verdict.Schedule(
                                conflicts.getFirst().account(),
                                conflicts.getFirst().steps()));
    }

    private static double percentile(List<Long> sortedMicros, int percent) {
        return sortedMicros.get((sortedMicros.size() - 1) * percent / 100) / MICROS_PER_MILLI;
    }
}
