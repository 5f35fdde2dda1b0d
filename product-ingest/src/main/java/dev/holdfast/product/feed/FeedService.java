package dev.holdfast.product.feed;

import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Applies batches, whether they come from the topic or by HTTP.
 *
 * <p>When the database refuses a value, the batch is cut in halves until the culprit stands alone and can be set
 * aside: k bad messages among n cost about k·log₂ n statements, and the good ones are applied in batches still. Each
 * half is a transaction of its own that moves the position to its end, so a crash in between loses nothing.
 */
final class FeedService {
    private final Transactions transactions;
    private final FeedStore store;
    private final Outbox outbox;
    private final Ids ids;
    private final FeedMetrics metrics;
    private final Tracer tracer;

    FeedService(
            Transactions transactions, FeedStore store, Outbox outbox, Ids ids, FeedMetrics metrics, Tracer tracer) {
        this.transactions = transactions;
        this.store = store;
        this.outbox = outbox;
        this.ids = ids;
        this.metrics = metrics;
        this.tracer = tracer;
    }

    /**
     * @param outcome one of {@link Outcome}
     * @param message as it went in, or with the {@link Rejection} that the database found
     */
    record Settled(FeedMessage message, Outcome outcome) {}

    /** What became of each message, in their order. */
    Uni<List<Settled>> apply(FeedBatch batch) {
        var sample = metrics.startBatch();
        Span span = startSpan(batch);
        return transactions
                .inTransaction(connection -> applyAll(connection, batch))
                .invoke(settled -> {
                    outbox.wake();
                    metrics.recordBatch(
                            sample, settled.stream().map(Settled::outcome).toList());
                })
                .onTermination()
                .invoke(span::end)
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                .recoverWithUni(failure -> isolate(batch, failure));
    }

    /** A batch has as many origins as messages: it links to them all and is a child of none. */
    private Span startSpan(FeedBatch batch) {
        SpanBuilder span = tracer.spanBuilder("apply feed batch").setNoParent();
        batch.messages().forEach(message -> Traces.parse(message.traceparent()).ifPresent(span::addLink));
        return span.setAttribute("messages", batch.messages().size()).startSpan();
    }

    private Uni<List<Settled>> applyAll(SqlConnection connection, FeedBatch batch) {
        List<FeedMessage> changes = batch.messages().stream()
                .filter(message -> message.parsed() instanceof ProductChange)
                .toList();
        int rejected = batch.messages().size() - changes.size();
        return store.apply(connection, batch, ChangeColumns.of(changes, ids), rejected)
                .map(outcomes -> settle(batch, outcomes))
                .call(settled -> batch.claim().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : FeedStore.quarantine(
                                connection,
                                batch.claim().orElseThrow().partition(),
                                settled.stream()
                                        .filter(one -> one.outcome() == Outcome.QUARANTINED)
                                        .map(Settled::message)
                                        .toList()));
    }

    private static List<Settled> settle(FeedBatch batch, List<Outcome> outcomesOfChanges) {
        Iterator<Outcome> outcomes = outcomesOfChanges.iterator();
        var settled = new ArrayList<Settled>(batch.messages().size());
        for (FeedMessage message : batch.messages()) {
            settled.add(
                    switch (message.parsed()) {
                        case Rejection alreadyRejected -> new Settled(message, Outcome.QUARANTINED);
                        case ProductChange change -> settle(message, change, outcomes.next());
                    });
        }
        return settled;
    }

    private static Settled settle(FeedMessage message, ProductChange change, Outcome outcome) {
        return outcome == Outcome.QUARANTINED
                ? new Settled(message.rejectedFor(Rejection.conflict(change)), outcome)
                : new Settled(message, outcome);
    }

    private Uni<List<Settled>> isolate(FeedBatch batch, Throwable failure) {
        if (batch.messages().size() > 1) {
            return apply(batch.firstHalf())
                    .chain(first -> apply(batch.secondHalf()).map(second -> {
                        var both = new ArrayList<>(first);
                        both.addAll(second);
                        return both;
                    }));
        }
        FeedMessage culprit = batch.messages().getFirst();
        return culprit.parsed() instanceof ProductChange change
                ? apply(new FeedBatch(
                        batch.claim(),
                        List.of(culprit.rejectedFor(Rejection.byDatabase(change, failure))),
                        batch.nextOffset()))
                : Uni.createFrom().failure(failure);
    }
}
