package dev.holdfast.payments.transfer;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.payments.transfer.TransferStore.Moment;
import dev.holdfast.payments.transfer.TransferStore.Trail;
import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.outbox.OutboxEvent;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.sqlclient.ClosedConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of transfers: lock the accounts in the order of their ids, decide in memory, write set-wise, commit once.
 *
 * <p>A transaction that lost to a rival is run again as a whole. When the reply to its COMMIT is lost, the server is asked
 * what became of it by its id, so that nobody is told "unknown".
 */
final class TransferService {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int ASK_MAX = 50;
    private static final String COMMITTED = "committed";
    private static final String IN_PROGRESS = "in progress";

    private final Pool pool;
    private final Transactions transactions;
    private final TransferRules rules;
    private final Outbox outbox;
    private final String topic;

    TransferService(Pool pool, Transactions transactions, TransferRules rules, Outbox outbox, String topic) {
        this.pool = pool;
        this.transactions = transactions;
        this.rules = rules;
        this.outbox = outbox;
        this.topic = topic;
    }

    static TransferRules rules(PaymentsConfig config) {
        return new TransferRules(
                config.transfers().backdatingMax(),
                config.holds().lifetime(),
                config.holds().lifetimeMax());
    }

    /** A list of results per submission, all in one transaction. */
    Uni<List<List<TransferResult>>> execute(List<Submission> batch) {
        return execute(batch, true).invoke(outbox::wake);
    }

    /** @param mayRepeat on another connection, when the first one is lost and nothing was committed */
    private Uni<List<List<TransferResult>>> execute(List<Submission> batch, boolean mayRepeat) {
        var latest = new AtomicReference<@Nullable Attempt>();
        return transactions
                .inTransaction(connection -> attempt(connection, batch, latest))
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.PAUSE)
                .recoverWithUni(lost -> committed(latest.get(), lost, 1).chain(results -> {
                    if (results.isPresent()) {
                        return Uni.createFrom().item(results.get());
                    }
                    return mayRepeat && isLostConnection(lost)
                            ? later().chain(() -> execute(batch, false))
                            : Uni.createFrom().failure(lost);
                }));
    }

    /** The same without a trace. */
    Uni<List<TransferResult>> dryRun(Submission submission) {
        return transactions.inTransaction(connection ->
                open(connection, List.of(submission)).map(opened -> rules.decide(opened.ledger(), submission)));
    }

    /**
     * A plain transfer in one call. Empty when it is not as plain as it looks, or nobody knows what became of it: then
     * {@link #execute} finds out.
     */
    Uni<Optional<TransferResult>> executeAlone(Submission submission) {
        Transfer transfer = submission.transfers().getFirst();
        // an operator who moves the money of others leaves a trail, which takes the other way
        String payer = submission.caller().equals(Transfers.SERVICE)
                ? null
                : submission.caller().subject();
        return TransferStore.alone(pool, transfer, payer, topic, TransferEvent.payload(transfer), Traces.current())
                .map(posted -> Optional.ofNullable(posted).<TransferResult>map(TransferResult.Posted::new))
                .invoke(result -> result.ifPresent(posted -> outbox.wake()))
                .onFailure(failure -> switch (FailureClass.of(failure)) {
                    case DATA, RETRY -> true;
                    case PAUSE -> isLostConnection(failure);
                    case DEFECT -> false;
                })
                .recoverWithItem(Optional.empty());
    }

    /** Empty unless one of its accounts is the caller's. */
    Uni<Optional<RecordedTransfer>> find(UUID id, Caller caller) {
        return TransferStore.known(pool, List.of(id))
                .chain(found -> found.isEmpty() || caller.roles().contains(TransferRules.OPERATOR)
                        ? Uni.createFrom().item(found.stream().findFirst())
                        : TransferStore.owners(pool, found.getFirst())
                                .map(owners -> owners.contains(caller.subject())
                                        ? Optional.of(found.getFirst())
                                        : Optional.empty()));
    }

    /** What has been written but perhaps not committed. */
    private record Attempt(String xid, List<List<TransferResult>> results) {}

    private record Opened(Moment moment, Ledger ledger) {}

    private Uni<List<List<TransferResult>>> attempt(
            SqlConnection connection, List<Submission> batch, AtomicReference<@Nullable Attempt> latest) {
        latest.set(null);
        return open(connection, batch).chain(opened -> {
            Ledger ledger = opened.ledger();
            List<List<TransferResult>> results = batch.stream()
                    .map(submission -> rules.decide(ledger, submission))
                    .toList();
            if (ledger.recorded().isEmpty()) {
                return Uni.createFrom().item(results);
            }
            List<OutboxEvent> events = ledger.recorded().stream()
                    .map(transfer -> TransferEvent.of(transfer, topic, Traces.current()))
                    .toList();
            // sent together; the server carries them out one after the other
            return Uni.combine()
                    .all()
                    .unis(
                            TransferStore.write(connection, ledger),
                            outbox.append(connection, events),
                            TransferStore.leaveTrail(connection, trail(ledger, batch, results)))
                    .discardItems()
                    .invoke(() -> latest.set(new Attempt(opened.moment().xid(), results)))
                    .replaceWith(results);
        });
    }

    private static List<Trail> trail(Ledger ledger, List<Submission> batch, List<List<TransferResult>> results) {
        var trail = new ArrayList<Trail>();
        for (int i = 0; i < batch.size(); i++) {
            Caller caller = batch.get(i).caller();
            if (caller.equals(Transfers.SERVICE) || !caller.roles().contains(TransferRules.OPERATOR)) {
                continue;
            }
            for (TransferResult result : results.get(i)) {
                if (result instanceof TransferResult.Posted posted
                        && TransferRules.neededTheRole(ledger, caller, posted.transfer())) {
                    trail.add(new Trail(caller.subject(), posted.transfer()));
                }
            }
        }
        return trail;
    }

    /**
     * Sent together, so that what can be read without a lock is read while others still hold theirs. An id that is recorded
     * meanwhile is found out when it is written; what changes, holds and reversals, is read once the accounts are locked.
     */
    private static Uni<Opened> open(SqlConnection connection, List<Submission> batch) {
        List<Transfer> transfers = batch.stream()
                .flatMap(submission -> submission.transfers().stream())
                .toList();
        Set<UUID> originals = new LinkedHashSet<>();
        transfers.stream()
                .filter(one -> one.kind().isAboutAnother())
                .map(Transfer::original)
                .forEach(originals::add);
        Set<Long> named = new HashSet<>();
        transfers.stream()
                .flatMap(one -> Stream.of(one.debitAccount(), one.creditAccount()))
                .filter(Objects::nonNull)
                .forEach(named::add);
        Set<UUID> ids = new LinkedHashSet<>(originals);
        transfers.forEach(one -> ids.add(one.id()));
        return TransferStore.accountsOf(connection, originals)
                .invoke(named::addAll)
                .chain(() -> Uni.combine()
                        .all()
                        .unis(
                                TransferStore.moment(connection),
                                TransferStore.known(connection, ids),
                                TransferStore.lock(connection, named))
                        .asTuple())
                .chain(read -> whatChanges(connection, originals)
                        .map(changes -> new Opened(
                                read.getItem1(),
                                new Ledger(
                                        read.getItem1().now(),
                                        read.getItem3(),
                                        usable(read.getItem2(), originals, named),
                                        changes.holds(),
                                        changes.reversed()))));
    }

    /** Without an original that came to be after its accounts were looked for: they are not locked, so it is not there yet. */
    private static List<RecordedTransfer> usable(List<RecordedTransfer> known, Set<UUID> originals, Set<Long> locked) {
        return known.stream()
                .filter(transfer -> transfer.entry() == null
                        || !originals.contains(transfer.id())
                        || (locked.contains(transfer.debitAccount()) && locked.contains(transfer.creditAccount())))
                .toList();
    }

    private record Changes(List<Hold> holds, List<UUID> reversed) {}

    private static Uni<Changes> whatChanges(SqlConnection connection, Set<UUID> originals) {
        return originals.isEmpty()
                ? Uni.createFrom().item(new Changes(List.of(), List.of()))
                : Uni.combine()
                        .all()
                        .unis(TransferStore.holds(connection, originals), TransferStore.reversed(connection, originals))
                        .with(Changes::new);
    }

    /** What has been committed, or empty when nothing was: a server that is there again knows by the transaction's id. */
    private Uni<Optional<List<List<TransferResult>>>> committed(@Nullable Attempt attempt, Throwable lost, int asked) {
        if (attempt == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        return TransferStore.status(pool, attempt.xid())
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.PAUSE)
                .recoverWithItem(IN_PROGRESS)
                .chain(status -> {
                    if (COMMITTED.equals(status)) {
                        return Uni.createFrom().item(Optional.of(attempt.results()));
                    } else if (!IN_PROGRESS.equals(status)) {
                        return Uni.createFrom().item(Optional.empty());
                    } else if (asked >= ASK_MAX) {
                        return Uni.createFrom().failure(new OutcomeUnknownException(lost));
                    }
                    return later().chain(() -> committed(attempt, lost, asked + 1));
                });
    }

    /** In the midst of something, as opposed to a pool that has none to give or a server that is not there. */
    private static boolean isLostConnection(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedConnectionException) {
                return true;
            }
        }
        return false;
    }

    /** Until the pool knows, too, which connections are lost. */
    private static Uni<Void> later() {
        return Uni.createFrom().voidItem().onItem().delayIt().by(PAUSE);
    }
}
