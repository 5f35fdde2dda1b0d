package dev.holdfast.product.feed;

import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.feed.WaitingStore.WaitingMessage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Lets messages go on that need wait no longer. Several instances may do so at once: whoever removes a message applies
 * it, in one transaction, and the partition it came from counts it under its new outcome.
 */
final class WaitingRoom {
    private static final int BATCH_SIZE = 500;

    private final Pool pool;
    private final Transactions transactions;
    private final FeedService service;
    private final MessageParser parser;
    private final Duration floodMax;

    /** @param floodMax how long messages of a flood wait at most for its end */
    WaitingRoom(Pool pool, Transactions transactions, FeedService service, MessageParser parser, Duration floodMax) {
        this.pool = pool;
        this.transactions = transactions;
        this.service = service;
        this.parser = parser;
        this.floodMax = floodMax;
    }

    /** @return how many messages left the room; fails when the database does not answer */
    Uni<Integer> letGo() {
        return WaitingStore.due(pool, parser, BATCH_SIZE, floodMax)
                .chain(due -> due.isEmpty() ? Uni.createFrom().item(0) : letGoInTurn(groups(due)));
    }

    /** Those that wait for a GTIN go alone, because each may take it from the next. */
    private static List<List<WaitingMessage>> groups(List<WaitingMessage> due) {
        var groups = new ArrayList<List<WaitingMessage>>();
        for (WaitingMessage message : due) {
            List<WaitingMessage> last = groups.isEmpty() ? List.of() : groups.getLast();
            if (!last.isEmpty()
                    && message.reason() != SetAside.Reason.GTIN
                    && last.getFirst().reason() == message.reason()
                    && last.getFirst().origin().equals(message.origin())) {
                last.add(message);
            } else {
                groups.add(new ArrayList<>(List.of(message)));
            }
        }
        return groups;
    }

    private Uni<Integer> letGo(List<WaitingMessage> group) {
        return transactions
                .inTransaction(connection -> letGo(connection, group))
                .onFailure(failure -> failure instanceof StillTakenException
                        || FeedStore.GTIN_RULE.equals(FailureClass.constraint(failure)))
                .recoverWithItem(0)
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                .recoverWithUni(failure -> group.size() == 1 ? reject(group.getFirst(), failure) : letGoSingly(group));
    }

    private Uni<Integer> letGoSingly(List<WaitingMessage> group) {
        return letGoInTurn(group.stream().map(List::of).toList());
    }

    private Uni<Integer> letGoInTurn(List<List<WaitingMessage>> groups) {
        return Multi.createFrom()
                .iterable(groups)
                .onItem()
                .transformToUniAndConcatenate(this::letGo)
                .collect()
                .with(Collectors.summingInt(Integer::intValue));
    }

    private Uni<Integer> reject(WaitingMessage culprit, Throwable failure) {
        return culprit.message().parsed() instanceof ProductChange change
                ? letGo(List.of(culprit.rejectedFor(Rejection.byDatabase(change, failure))))
                : Uni.createFrom().failure(failure);
    }

    /** Its GTIN was free a moment ago. */
    private static final class StillTakenException extends RuntimeException {
        StillTakenException() {
            super("The GTIN has found another owner", null, false, false);
        }
    }

    private Uni<Integer> letGo(SqlConnection connection, List<WaitingMessage> group) {
        Optional<TopicPartition> origin = group.getFirst().origin();
        return FeedStore.enterAlone(connection)
                .chain(() -> WaitingStore.remove(connection, group))
                .chain(removed -> removed.isEmpty()
                        ? Uni.createFrom().item(0)
                        : settle(connection, origin, removed).map(left -> left.size()));
    }

    private Uni<List<Outcome>> settle(
            SqlConnection connection, Optional<TopicPartition> origin, List<WaitingMessage> removed) {
        SetAside.Reason reason = removed.getFirst().reason();
        var batch = FeedBatch.fromEarlier(
                origin, removed.stream().map(WaitingMessage::message).toList(), reason == SetAside.Reason.QUOTA);
        return service.applyIn(connection, batch)
                .map(settled -> settled.stream()
                        .map(FeedService.Settled::outcome)
                        .filter(outcome -> outcome != Outcome.WAITING)
                        .toList())
                .invoke(left -> {
                    if (left.isEmpty() && reason == SetAside.Reason.GTIN) {
                        throw new StillTakenException();
                    }
                })
                .call(left -> origin.map(partition -> WaitingStore.settle(connection, partition, left))
                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}
