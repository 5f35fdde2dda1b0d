package dev.holdfast.payments.transfer;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.payments.transfer.TransferStore.Trail;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Transactions of transfers: lock the accounts in the order of their ids, decide in memory, write set-wise, commit once.
 *
 * <p>A transaction that lost to a rival is run again as a whole. When the reply to its COMMIT is lost, it is run again,
 * too, and finds what it has done, so that nobody is told "unknown" while the database can say.
 */
final class TransferService {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int ATTEMPTS_MAX = 50;

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
        return execute(batch, null, 1).invoke(outbox::wake);
    }

    /**
     * When a connection is lost with the reply to its COMMIT, the same is done again, which each id allows: what was committed exists,
     * and what is still on its way holds its locks until it is decided. The server is not asked what became of the
     * transaction's id: a crash takes back ids that are not on the disk, and gives them to others.
     *
     * @param written what an attempt has written whose end nobody knows
     */
    private Uni<List<List<TransferResult>>> execute(
            List<Submission> batch, @Nullable List<List<TransferResult>> written, int attempt) {
        var latest = new AtomicReference<@Nullable List<List<TransferResult>>>();
        return transactions
                .inTransaction(connection -> attempt(connection, batch, latest))
                .map(results -> written == null ? results : asIfToldAtOnce(results, written))
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.PAUSE)
                .recoverWithUni(lost -> {
                    List<List<TransferResult>> unknown = latest.get() == null ? written : latest.get();
                    if (unknown == null) {
                        return attempt == 1 && isLostConnection(lost)
                                ? later().chain(() -> execute(batch, null, attempt + 1))
                                : Uni.createFrom().failure(lost);
                    }
                    return attempt < ATTEMPTS_MAX
                            ? later().chain(() -> execute(batch, unknown, attempt + 1))
                            : Uni.createFrom().failure(new OutcomeUnknownException(lost));
                });
    }

    /** What exists by an attempt whose end was not heard has happened now. */
    private static List<List<TransferResult>> asIfToldAtOnce(
            List<List<TransferResult>> results, List<List<TransferResult>> written) {
        return IntStream.range(0, results.size())
                .mapToObj(i -> IntStream.range(0, results.get(i).size())
                        .mapToObj(j -> asIfToldAtOnce(
                                results.get(i).get(j), written.get(i).get(j)))
                        .toList())
                .toList();
    }

    private static TransferResult asIfToldAtOnce(TransferResult result, TransferResult written) {
        if (result instanceof TransferResult.Exists exists && written instanceof TransferResult.Posted) {
            return new TransferResult.Posted(exists.transfer(), exists.sides());
        }
        return result instanceof TransferResult.Refused refused
                        && written instanceof TransferResult.Refused before
                        && !before.repeated()
                ? new TransferResult.Refused(refused.refusal(), false)
                : result;
    }

    /** The same without a trace. */
    Uni<List<TransferResult>> dryRun(Submission submission) {
        return transactions.inTransaction(connection -> open(connection, List.of(submission), TransferStore::read)
                .map(ledger -> rules.decide(ledger, submission)));
    }

    /**
     * A plain transfer in one call. When it is not as plain as it looks, or the answer is lost, {@link #execute} finds out.
     * Should that fail, too, after a lost answer, the outcome is unknown: the call may have been committed.
     */
    Uni<TransferResult> executeAlone(Submission submission) {
        Transfer transfer = submission.transfers().getFirst();
        Caller caller = submission.caller();
        // an operator who moves the money of others leaves a trail, which takes the other way
        String payer = Transfers.areAskedForBy(caller) ? null : caller.subject();
        return TransferStore.alone(
                        pool, transfer, payer, topic, TransferEvent.payload(transfer), submission.traceparent())
                .invoke(posted -> {
                    if (posted != null) {
                        outbox.wake();
                    }
                })
                .map(posted -> Optional.<TransferResult>ofNullable(posted)
                        .filter(result -> !caller.roles().contains(TransferRules.OPERATOR))
                        .or(() -> Optional.ofNullable(posted).map(all -> new TransferResult.Posted(all.transfer()))))
                .onFailure(failure -> switch (FailureClass.of(failure)) {
                    case DATA, RETRY -> true;
                    case PAUSE, DEFECT -> false;
                })
                .recoverWithItem(Optional.empty())
                .chain(result ->
                        result.map(posted -> Uni.createFrom().item(posted)).orElseGet(() -> executeOnly(submission)))
                .onFailure(TransferService::isLostConnection)
                .recoverWithUni(lost -> executeOnly(submission)
                        .onFailure(again -> FailureClass.of(again) != FailureClass.DATA)
                        .transform(again -> new OutcomeUnknownException(lost)));
    }

    private Uni<TransferResult> executeOnly(Submission submission) {
        return execute(List.of(submission)).map(results -> results.getFirst().getFirst());
    }

    /** @param sides whose balance the caller may see */
    record Found(RecordedTransfer transfer, Sides sides) {}

    /** Empty unless one of its accounts is the caller's. */
    Uni<Optional<Found>> find(UUID id, Caller caller) {
        return TransferStore.known(pool, List.of(id))
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(Optional.<Found>empty())
                        : TransferStore.owners(pool, found.getFirst())
                                .map(owners -> new Found(found.getFirst(), sides(found.getFirst(), owners, caller)))
                                .map(Optional::of)
                                .map(seen -> seen.filter(one -> one.sides() != Sides.NONE
                                        || caller.roles().contains(TransferRules.OPERATOR))));
    }

    private static Sides sides(RecordedTransfer transfer, Map<Long, String> owners, Caller caller) {
        return Sides.of(
                isCallers(owners.get(transfer.debitAccount()), caller),
                isCallers(owners.get(transfer.creditAccount()), caller));
    }

    private static boolean isCallers(@Nullable String owner, Caller caller) {
        return owner != null && caller.mayActFor(owner, TransferRules.OPERATOR);
    }

    private Uni<List<List<TransferResult>>> attempt(
            SqlConnection connection,
            List<Submission> batch,
            AtomicReference<@Nullable List<List<TransferResult>>> latest) {
        latest.set(null);
        return open(connection, batch, TransferStore::lock).chain(ledger -> {
            List<List<TransferResult>> results = batch.stream()
                    .map(submission -> rules.decide(ledger, submission))
                    .toList();
            if (ledger.recorded().isEmpty()) {
                return Uni.createFrom().item(results);
            }
            Map<UUID, String> traces = traces(batch);
            List<OutboxEvent> events = ledger.recorded().stream()
                    .map(transfer -> TransferEvent.of(transfer, topic, traces.get(transfer.id())))
                    .toList();
            // sent together; the server carries them out one after the other
            return Uni.combine()
                    .all()
                    .unis(
                            TransferStore.write(connection, ledger),
                            outbox.append(connection, events),
                            TransferStore.leaveTrail(connection, trail(ledger, batch, results)))
                    .discardItems()
                    .invoke(() -> latest.set(results))
                    .replaceWith(results);
        });
    }

    /** Each event belongs to the request that asked for it, not to the one that happened to open the batch. */
    private static Map<UUID, String> traces(List<Submission> batch) {
        var traces = new HashMap<UUID, String>();
        for (Submission submission : batch) {
            String traceparent = submission.traceparent();
            if (traceparent != null) {
                submission.transfers().forEach(transfer -> traces.putIfAbsent(transfer.id(), traceparent));
            }
        }
        return traces;
    }

    private static List<Trail> trail(Ledger ledger, List<Submission> batch, List<List<TransferResult>> results) {
        var trail = new ArrayList<Trail>();
        for (int i = 0; i < batch.size(); i++) {
            Caller caller = batch.get(i).caller();
            if (Transfers.areAskedForBy(caller) || !caller.roles().contains(TransferRules.OPERATOR)) {
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
    private static Uni<Ledger> open(
            SqlConnection connection,
            List<Submission> batch,
            BiFunction<SqlConnection, Collection<Long>, Uni<List<AccountState>>> accounts) {
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
                                TransferStore.now(connection),
                                TransferStore.known(connection, ids),
                                accounts.apply(connection, named))
                        .asTuple())
                .chain(read -> whatChanges(connection, originals)
                        .map(changes -> new Ledger(
                                read.getItem1(),
                                read.getItem3(),
                                usable(read.getItem2(), originals, named),
                                changes.holds(),
                                changes.reversed())));
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
