package dev.holdfast.product.feed;

import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies batches, whether they come from the topic or by HTTP.
 *
 * <p>First in one round trip, as if nothing stood in the way. When the commit finds two products with one GTIN, when a
 * vendor's quota does not suffice or when a rival was quicker, the batch is deliberated: alone, with the rows in question
 * read, {@link GtinRules} tells who must wait. When the database refuses a value, the batch is cut in halves until the
 * culprit stands alone and can be set aside: k bad messages among n cost about k·log₂ n statements, and the good ones
 * are applied in batches still. Each half is a transaction of its own that moves the position to its end, so a crash in
 * between loses nothing.
 */
final class FeedService {
    private static final Duration SHARE_DELAY = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final FeedStore store;
    private final QuotaStore quotas;
    private final Outbox outbox;
    private final FeedMetrics metrics;
    private final Tracer tracer;
    private final Clock clock;
    private volatile Consumer<List<String>> onReleased = gtins -> {};

    FeedService(
            Transactions transactions,
            FeedStore store,
            QuotaStore quotas,
            Outbox outbox,
            FeedMetrics metrics,
            Tracer tracer,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.quotas = quotas;
        this.outbox = outbox;
        this.metrics = metrics;
        this.tracer = tracer;
        this.clock = clock;
    }

    /** @param listener told the GTINs, in 14 digits, that products have let go; cheap, called after the commit */
    void onReleased(Consumer<List<String>> listener) {
        onReleased = listener;
    }

    /**
     * @param message as it went in, or with the {@link Rejection} that the database found
     * @param setAside why it was not even tried
     */
    record Settled(
            FeedMessage message, Outcome outcome, @Nullable SetAside setAside) {}

    private record Result(List<Settled> settled, List<String> releasedGtins) {}

    /** What became of each message, in their order. */
    Uni<List<Settled>> apply(FeedBatch batch) {
        var sample = metrics.startBatch();
        Span span = startSpan(batch);
        return applyOrDeliberate(batch)
                .invoke(result -> {
                    outbox.wake();
                    if (!result.releasedGtins().isEmpty()) {
                        onReleased.accept(result.releasedGtins());
                    }
                    metrics.recordBatch(
                            sample,
                            result.settled().stream().map(Settled::outcome).toList());
                })
                .map(Result::settled)
                .onFailure(FencedOffException.class)
                .invoke(metrics::recordFenced)
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

    private Uni<Result> applyOrDeliberate(FeedBatch batch) {
        return batch.crowding().isEmpty()
                ? transactions
                        .inTransactionOnce(connection -> applyIn(connection, batch, Map.of()))
                        .onFailure(FeedService::needsDeliberation)
                        .recoverWithUni(
                                failure -> transactions.inTransaction(connection -> deliberateIn(connection, batch)))
                : transactions.inTransaction(connection -> deliberateIn(connection, batch));
    }

    /** It lost to a rival, or would take what is not to be had: alone it finds out what is. */
    private static boolean needsDeliberation(Throwable failure) {
        return failure instanceof QuotaStore.ReachedException
                || FailureClass.of(failure) == FailureClass.RETRY
                || FeedStore.GTIN_RULE.equals(FailureClass.constraint(failure));
    }

    /** For a caller with a transaction of its own, and with nothing locked in it yet. */
    Uni<List<Settled>> applyIn(SqlConnection connection, FeedBatch batch) {
        return deliberateIn(connection, batch).map(Result::settled);
    }

    private Uni<Result> deliberateIn(SqlConnection connection, FeedBatch batch) {
        List<FeedMessage> changes = batch.changes();
        Map<FeedMessage, SetAside> aside = new HashMap<>();
        return FeedStore.enterAlone(connection)
                .invoke(() -> crowded(batch, changes, aside))
                .chain(() -> quotas.lockRest(connection, batch.metered() ? batch.vendors() : Map.of()))
                .invoke(rest -> beyondQuota(changes, rest, aside))
                .chain(() -> WaitingStore.holdings(connection, changes(batch, aside)))
                .chain(holdings -> WaitingStore.waiting(connection, changes).invoke(waiting -> {
                    aside.putAll(GtinRules.waiting(changes(batch, aside), holdings));
                    WaitingLine.waitOnce(aside, waiting);
                }))
                .chain(() -> applyIn(connection, batch, aside));
    }

    private void crowded(FeedBatch batch, List<FeedMessage> changes, Map<FeedMessage, SetAside> aside) {
        for (FeedMessage message : changes) {
            if (batch.crowding().contains(message.change().vendor())) {
                aside.put(
                        message,
                        new SetAside.Later(
                                SetAside.Reason.SHARE, clock.instant().plus(SHARE_DELAY)));
            }
        }
    }

    private void beyondQuota(List<FeedMessage> changes, Map<String, Long> rest, Map<FeedMessage, SetAside> aside) {
        var left = new HashMap<>(rest);
        for (FeedMessage message : changes) {
            String vendor = message.change().vendor();
            if (left.containsKey(vendor) && !aside.containsKey(message) && left.merge(vendor, -1L, Long::sum) < 0) {
                aside.put(message, new SetAside.Later(SetAside.Reason.QUOTA, quotas.tomorrow()));
            }
        }
    }

    private Uni<Result> applyIn(SqlConnection connection, FeedBatch batch, Map<FeedMessage, SetAside> aside) {
        List<FeedMessage> changes = changes(batch, aside);
        ChangeColumns columns = aside.isEmpty() ? batch.columns() : batch.columns(changes);
        List<Outcome> others = batch.messages().stream()
                .filter(message -> !(message.parsed() instanceof ProductChange) || aside.containsKey(message))
                .map(message -> otherOutcome(message, aside))
                .toList();
        Uni<Void> taken = batch.metered()
                ? quotas.take(connection, aside.isEmpty() ? batch.vendors() : FeedBatch.countByVendor(changes))
                : Uni.createFrom().voidItem();
        // sent together; the server carries them out one after the other
        return Uni.combine()
                .all()
                .unis(store.apply(connection, batch, columns, others), taken)
                .asTuple()
                .map(Tuple2::getItem1)
                .chain(applied -> SnapshotMarkStore.note(connection, batch, settle(batch, aside, applied.outcomes()))
                        .chain(settled -> quarantine(connection, batch, settled)
                                .chain(() -> WaitingStore.add(connection, batch.origin(), aside))
                                .replaceWith(new Result(settled, applied.releasedGtins()))));
    }

    private static Outcome otherOutcome(FeedMessage message, Map<FeedMessage, SetAside> aside) {
        return switch (message.parsed()) {
            case ProductChange change ->
                Objects.requireNonNull(aside.get(message)).outcome();
            case SnapshotMark mark -> Outcome.APPLIED;
            case Rejection rejection -> Outcome.QUARANTINED;
        };
    }

    private static List<FeedMessage> changes(FeedBatch batch, Map<FeedMessage, SetAside> aside) {
        return aside.isEmpty()
                ? batch.changes()
                : batch.changes().stream()
                        .filter(message -> !aside.containsKey(message))
                        .toList();
    }

    private static List<Settled> settle(
            FeedBatch batch, Map<FeedMessage, SetAside> aside, List<Outcome> outcomesOfChanges) {
        Iterator<Outcome> outcomes = outcomesOfChanges.iterator();
        var settled = new ArrayList<Settled>(batch.messages().size());
        for (FeedMessage message : batch.messages()) {
            SetAside why = aside.get(message);
            settled.add(
                    switch (message.parsed()) {
                        case Rejection alreadyRejected -> new Settled(message, Outcome.QUARANTINED, null);
                        case SnapshotMark mark -> new Settled(message, Outcome.APPLIED, null);
                        case ProductChange change ->
                            settle(message, change, why == null ? outcomes.next() : why.outcome(), why);
                    });
        }
        return settled;
    }

    private static Settled settle(FeedMessage message, ProductChange change, Outcome outcome, @Nullable SetAside why) {
        return outcome == Outcome.QUARANTINED
                ? new Settled(message.rejectedFor(Rejection.conflict(change)), outcome, why)
                : new Settled(message, outcome, why);
    }

    private static Uni<Void> quarantine(SqlConnection connection, FeedBatch batch, List<Settled> settled) {
        return batch.origin()
                .map(origin -> QuarantineStore.add(
                        connection,
                        origin,
                        settled.stream()
                                .filter(one -> one.outcome() == Outcome.QUARANTINED)
                                .map(Settled::message)
                                .toList(),
                        batch.claim().isEmpty()))
                .orElseGet(() -> Uni.createFrom().voidItem());
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
                ? apply(batch.with(List.of(culprit.rejectedFor(Rejection.byDatabase(change, failure)))))
                : Uni.createFrom().failure(failure);
    }
}
