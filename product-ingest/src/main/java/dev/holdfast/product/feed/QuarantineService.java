package dev.holdfast.product.feed;

import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.feed.QuarantineItemStore.Action;
import dev.holdfast.product.feed.QuarantineItemStore.Item;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Edits, replays and discards quarantined messages. Whatever is done is one transaction with its line in the audit, under
 * the lock of the message's row: of several who want to settle the same message one does, and the others are told.
 *
 * <p>A replay goes through the feed itself, so that a newer version which has come meanwhile stays. Its partition counts
 * the message under its new outcome from then on. What is refused again stays open.
 */
final class QuarantineService {
    private final Transactions transactions;
    private final FeedService feed;
    private final MessageParser parser;
    private final Outbox outbox;

    QuarantineService(Transactions transactions, FeedService feed, MessageParser parser, Outbox outbox) {
        this.transactions = transactions;
        this.feed = feed;
        this.parser = parser;
        this.outbox = outbox;
    }

    /** What became of a wish. */
    sealed interface Result {
        /** There is no such message. */
        record Unknown() implements Result {}

        /** Someone has replayed or discarded it already. */
        record SettledAlready(Item item) implements Result {}

        /** It was edited after whoever wants to edit it has looked. */
        record ChangedMeanwhile(Item item) implements Result {}

        /** The edited message would be refused, too. */
        record Refused(Rejection rejection) implements Result {}

        /** Another product has taken its GTIN at this very moment. */
        record Busy() implements Result {}

        record Edited(int edits) implements Result {}

        record Discarded() implements Result {}

        /** @param rejection why it is still in quarantine, when that is its outcome */
        record Replayed(Outcome outcome, @Nullable Rejection rejection) implements Result {}
    }

    /**
     * Keeps a corrected message beside the original.
     *
     * @param expectedEdits how often it was edited when the caller looked
     */
    Uni<Result> edit(long id, Buffer edited, int expectedEdits, String subject, @Nullable String note) {
        if (parser.parse(edited.getBytes()) instanceof Rejection rejection) {
            return Uni.createFrom().item(new Result.Refused(rejection));
        }
        return transactions.inTransaction(connection -> ifOpen(
                connection,
                id,
                (locked, item) -> item.edits() != expectedEdits
                        ? Uni.createFrom().item(new Result.ChangedMeanwhile(item))
                        : QuarantineItemStore.edit(locked, id, edited)
                                .chain(() ->
                                        QuarantineItemStore.audit(locked, id, Action.edited(subject, note, edited)))
                                .replaceWith(new Result.Edited(expectedEdits + 1))));
    }

    /** Settles it without applying it. */
    Uni<Result> discard(long id, String subject, String note) {
        return transactions.inTransaction(connection -> ifOpen(
                connection,
                id,
                (locked, item) -> QuarantineItemStore.settle(locked, id, "discarded", subject)
                        .chain(() -> QuarantineItemStore.audit(locked, id, Action.discarded(subject, note)))
                        .replaceWith(new Result.Discarded())));
    }

    /** Applies the edited message if there is one, otherwise the original. */
    Uni<Result> replay(long id, String subject, @Nullable String note) {
        return transactions
                .inTransaction(connection -> replay(connection, id, subject, note, Optional.empty()))
                .invoke(outbox::wake)
                .onFailure(failure -> FeedStore.GTIN_RULE.equals(FailureClass.constraint(failure)))
                .recoverWithItem(new Result.Busy())
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                .recoverWithUni(failure -> transactions.inTransaction(
                        connection -> replay(connection, id, subject, note, Optional.of(failure))));
    }

    /** @param refusal of the database, found when it was tried just now */
    private Uni<Result> replay(
            SqlConnection connection, long id, String subject, @Nullable String note, Optional<Throwable> refusal) {
        return FeedStore.enterAlone(connection)
                .chain(() -> ifOpen(connection, id, (locked, item) -> {
                    Parsed parsed = parser.parse(item.current().getBytes());
                    if (parsed instanceof ProductChange change && refusal.isPresent()) {
                        parsed = Rejection.byDatabase(change, refusal.get());
                    }
                    return parsed instanceof Rejection rejection
                            ? QuarantineItemStore.audit(
                                            locked, id, Action.replayed(subject, note, Outcome.QUARANTINED, rejection))
                                    .replaceWith(new Result.Replayed(Outcome.QUARANTINED, rejection))
                            : apply(locked, item, parsed)
                                    .call(replayed -> record(locked, item, replayed, subject, note))
                                    .map(replayed -> replayed);
                }));
    }

    private Uni<Result.Replayed> apply(SqlConnection connection, Item item, Parsed parsed) {
        var message = new FeedMessage(item.offset(), item.key(), item.current(), null, parsed);
        return feed.applyIn(connection, FeedBatch.fromEarlier(Optional.of(item.partition()), List.of(message), true))
                .map(List::getFirst)
                .map(settled -> new Result.Replayed(
                        settled.outcome(),
                        settled.message().parsed() instanceof Rejection rejection ? rejection : null));
    }

    private static Uni<Void> record(
            SqlConnection connection, Item item, Result.Replayed replayed, String subject, @Nullable String note) {
        Uni<Void> settled = replayed.outcome() == Outcome.QUARANTINED
                ? Uni.createFrom().voidItem()
                : QuarantineItemStore.settle(connection, item.id(), "replayed", subject)
                        .chain(() -> QuarantineItemStore.recount(connection, item.partition(), replayed.outcome()));
        return settled.chain(() -> QuarantineItemStore.audit(
                connection, item.id(), Action.replayed(subject, note, replayed.outcome(), replayed.rejection())));
    }

    private static Uni<Result> ifOpen(
            SqlConnection connection, long id, BiFunction<SqlConnection, Item, Uni<? extends Result>> work) {
        return QuarantineItemStore.lock(connection, id).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(new Result.Unknown());
            }
            return found.get().isOpen()
                    ? work.apply(connection, found.get()).map(result -> result)
                    : Uni.createFrom().item(new Result.SettledAlready(found.get()));
        });
    }
}
