package dev.holdfast.product.feed;

import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Stops a partition, lets it go on and sends it back, on behalf of a person, each in one transaction with its line in the
 * audit. Whoever owns the partition, on whatever instance, is fenced off by it and finds out within a second or two.
 */
final class PartitionService {
    private final Transactions transactions;

    PartitionService(Transactions transactions) {
        this.transactions = transactions;
    }

    /** What became of a wish. */
    sealed interface Result {
        /** No message of it was ever taken here. */
        record Unknown() implements Result {}

        /** It was not paused. */
        record NotPaused() implements Result {}

        /** The feed has not come that far. */
        record Ahead(long nextOffset) implements Result {}

        record Done(FeedPartition partition) implements Result {}
    }

    /** Nothing of it is taken until it is resumed. */
    Uni<Result> pause(TopicPartition partition, String subject, String reason) {
        return act(
                partition,
                (connection, before) -> PartitionStore.pause(
                                connection, partition, "paused by %s: %s".formatted(subject, reason))
                        .call(after -> audit(connection, before, after, "paused", subject, reason))
                        .map(PartitionService::done));
    }

    Uni<Result> resume(TopicPartition partition, String subject, @Nullable String reason) {
        return act(
                partition,
                (connection, before) -> before.pausedReason() == null
                        ? Uni.createFrom().item(new Result.NotPaused())
                        : PartitionStore.resume(connection, partition)
                                .call(after -> audit(connection, before, after, "resumed", subject, reason))
                                .map(PartitionService::done));
    }

    /**
     * Lets it read again what it has read; a paused one goes on.
     *
     * @param offset from here, at most where it stands
     */
    Uni<Result> rewind(TopicPartition partition, long offset, String subject, @Nullable String reason) {
        return act(
                partition,
                (connection, before) -> before.nextOffset() < offset
                        ? Uni.createFrom().item(new Result.Ahead(before.nextOffset()))
                        : PartitionStore.rewind(connection, partition, offset)
                                .call(after -> audit(connection, before, after, "rewound", subject, reason))
                                .map(PartitionService::done));
    }

    private Uni<Result> act(
            TopicPartition partition, BiFunction<SqlConnection, FeedPartition, Uni<? extends Result>> action) {
        return transactions.inTransaction(connection -> PartitionStore.lock(connection, partition)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(new Result.Unknown())
                        : action.apply(connection, found.get()).map(result -> result)));
    }

    private static Result done(Optional<FeedPartition> after) {
        return new Result.Done(after.orElseThrow());
    }

    private static Uni<Void> audit(
            SqlConnection connection,
            FeedPartition before,
            Optional<FeedPartition> after,
            String action,
            String subject,
            @Nullable String reason) {
        return PartitionAuditStore.add(
                connection,
                new TopicPartition(before.topic(), before.partition()),
                action,
                subject,
                reason,
                before.nextOffset(),
                after.orElseThrow().nextOffset());
    }
}
