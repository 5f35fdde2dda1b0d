package dev.holdfast.payments.transfer;

import dev.holdfast.platform.postgres.FailureClass;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Lets requests share transactions without a timer: those that come while a batch is under way form the next one. A plain
 * request that finds nobody takes a call of its own, so that nobody pays for company that is not there.
 */
final class TransferBatcher {
    private final TransferService service;
    private final int batchSize;
    private final int lanes;
    private final int waitingMax;
    private final TransferMetrics metrics;

    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int waiting;
    private int busy;
    private int dryRuns;

    /** @param lanes transactions under way at once */
    TransferBatcher(TransferService service, int batchSize, int lanes, int waitingMax, TransferMetrics metrics) {
        this.service = service;
        this.batchSize = batchSize;
        this.lanes = lanes;
        this.waitingMax = waitingMax;
        this.metrics = metrics;
    }

    private record Waiting(Submission submission, UniEmitter<? super List<TransferResult>> caller) {
        int size() {
            return submission.transfers().size();
        }
    }

    /** @return a result per transfer, or a failure with {@link OverloadedException} when too many wait already */
    Uni<List<TransferResult>> submit(Submission submission) {
        return (submission.transfers().size() <= batchSize ? enqueue(submission) : inPieces(submission))
                .invoke(results -> metrics.record(submission, results));
    }

    /** What would happen, without a trace. As many at once as there are lanes: they must not take all the connections. */
    Uni<List<TransferResult>> dryRun(Submission submission) {
        return Uni.createFrom().deferred(() -> {
            synchronized (this) {
                if (dryRuns >= lanes) {
                    return Uni.createFrom().failure(new OverloadedException(dryRuns));
                }
                dryRuns++;
            }
            return service.dryRun(submission).onTermination().invoke(() -> {
                synchronized (this) {
                    dryRuns--;
                }
            });
        });
    }

    /**
     * One piece after the other: each is decided on what those before it left. When a later one cannot be done, the earlier
     * ones have been.
     */
    private Uni<List<TransferResult>> inPieces(Submission submission) {
        List<Submission> pieces = submission.pieces(batchSize);
        return Multi.createFrom()
                .iterable(pieces)
                .onItem()
                .transformToUniAndConcatenate(piece -> piece.equals(pieces.getFirst())
                        ? enqueue(piece)
                        : enqueue(piece).onFailure().transform(OutcomeUnknownException::new))
                .collect()
                .in(ArrayList::new, List::addAll);
    }

    private Uni<List<TransferResult>> enqueue(Submission submission) {
        return Uni.createFrom().emitter(caller -> add(new Waiting(submission, caller)));
    }

    private void add(Waiting one) {
        boolean alone;
        synchronized (this) {
            // whoever is first may be larger than the limit: it would never come in otherwise
            if (waiting > 0 && waiting + one.size() > waitingMax) {
                one.caller().fail(new OverloadedException(waiting));
                return;
            }
            alone = busy < lanes && queue.isEmpty() && isPlain(one.submission());
            if (alone) {
                busy++;
            } else {
                queue.addLast(one);
                waiting += one.size();
            }
        }
        if (alone) {
            runAlone(one);
        } else {
            runFreeLanes();
        }
    }

    private static boolean isPlain(Submission submission) {
        return submission.transfers().size() == 1
                && submission.transfers().getFirst().isPlain();
    }

    private void runFreeLanes() {
        for (List<Waiting> batch = next(); !batch.isEmpty(); batch = next()) {
            run(batch);
        }
    }

    /** As many as may go now. A submission stays whole, so one that is larger than a batch goes by itself. */
    private synchronized List<Waiting> next() {
        var batch = new ArrayList<Waiting>();
        if (busy >= lanes) {
            return batch;
        }
        int size = 0;
        while (!queue.isEmpty() && (batch.isEmpty() || size + queue.getFirst().size() <= batchSize)) {
            Waiting one = queue.removeFirst();
            size += one.size();
            batch.add(one);
        }
        waiting -= size;
        if (!batch.isEmpty()) {
            busy++;
        }
        return batch;
    }

    private void leaveLane() {
        synchronized (this) {
            busy--;
        }
        runFreeLanes();
    }

    private void runAlone(Waiting one) {
        service.executeAlone(one.submission())
                .map(List::of)
                .subscribe()
                .with(
                        results -> {
                            leaveLane();
                            one.caller().complete(results);
                        },
                        failure -> {
                            leaveLane();
                            one.caller().fail(failure);
                        });
    }

    private void run(List<Waiting> batch) {
        service.execute(batch.stream().map(Waiting::submission).toList())
                .subscribe()
                .with(
                        results -> {
                            leaveLane();
                            for (int i = 0; i < batch.size(); i++) {
                                batch.get(i).caller().complete(results.get(i));
                            }
                        },
                        failure -> {
                            if (batch.size() > 1 && !isOfTheSurroundings(failure)) {
                                runOneByOne(batch, 0);
                            } else {
                                leaveLane();
                                batch.forEach(one -> one.caller().fail(failure));
                            }
                        });
    }

    /** Whoever of a batch it was that the database will not take, the others shall not suffer for it. */
    private void runOneByOne(List<Waiting> batch, int index) {
        if (index == batch.size()) {
            leaveLane();
            return;
        }
        Waiting one = batch.get(index);
        service.execute(List.of(one.submission()))
                .map(List::getFirst)
                .onItemOrFailure()
                .invoke((results, failure) -> Optional.ofNullable(failure)
                        .ifPresentOrElse(one.caller()::fail, () -> one.caller().complete(results)))
                .onTermination()
                .invoke(() -> runOneByOne(batch, index + 1))
                .subscribe()
                .with(done -> {}, failed -> {});
    }

    private static boolean isOfTheSurroundings(Throwable failure) {
        return failure instanceof OutcomeUnknownException
                || FailureClass.of(failure) == FailureClass.PAUSE
                || FailureClass.of(failure) == FailureClass.RETRY;
    }
}
