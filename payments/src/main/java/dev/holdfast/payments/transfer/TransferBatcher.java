package dev.holdfast.payments.transfer;

import dev.holdfast.platform.batch.NaturalBatcher;
import dev.holdfast.platform.batch.OverloadedException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets requests share transactions. A plain request that finds nobody takes a call of its own, so that nobody pays for company
 * that is not there.
 */
final class TransferBatcher {
    private final TransferService service;
    private final int batchSize;
    private final int lanes;
    private final NaturalBatcher<Submission, List<TransferResult>> batcher;
    private final TransferMetrics metrics;

    private int dryRuns;

    /** @param lanes transactions under way at once */
    TransferBatcher(TransferService service, int batchSize, int lanes, int waitingMax, TransferMetrics metrics) {
        this.service = service;
        this.batchSize = batchSize;
        this.lanes = lanes;
        this.metrics = metrics;
        this.batcher = new NaturalBatcher<>(
                new NaturalBatcher.Limits(batchSize, lanes, waitingMax),
                submission -> submission.transfers().size(),
                nobodyWaitsForAnother -> new Object(),
                this::execute);
    }

    private Uni<List<List<TransferResult>>> execute(List<Submission> batch) {
        return batch.size() == 1 && isPlain(batch.getFirst())
                ? service.executeAlone(batch.getFirst()).map(result -> List.of(List.of(result)))
                : service.execute(batch);
    }

    private static boolean isPlain(Submission submission) {
        return submission.transfers().size() == 1
                && submission.transfers().getFirst().isPlain();
    }

    /** @return a result per transfer, or a failure with {@link OverloadedException} when too many wait already */
    Uni<List<TransferResult>> submit(Submission submission) {
        return (submission.transfers().size() <= batchSize ? batcher.submit(submission) : inPieces(submission))
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
                        ? batcher.submit(piece)
                        : batcher.submit(piece).onFailure().transform(OutcomeUnknownException::new))
                .collect()
                .in(ArrayList::new, List::addAll);
    }
}
