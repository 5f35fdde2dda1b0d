package dev.holdfast.product.feed;

import dev.holdfast.product.feed.FeedService.Settled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * What a batch says of full snapshots, written in its own transaction.
 *
 * <p>Begin, items and end may come in any order and from any partition: whichever is first opens the snapshot, and what
 * is known of it only grows. That an item was listed counts once, however often it is read. Each partition counts for
 * itself, so that they do not wait for each other. Whoever settles a snapshot takes its row {@code FOR UPDATE}, so that
 * no item is listed any more for one that is no longer open.
 */
final class SnapshotMarkStore {
    private static final int BY_HTTP = -1;

    private static final String OPEN = """
            INSERT INTO snapshot (vendor_id, number)
            SELECT DISTINCT * FROM unnest($1::text[], $2::bigint[]) AS m (vendor_id, number)
             ORDER BY m.vendor_id, m.number
            ON CONFLICT DO NOTHING
            """;
    private static final String BEGIN = """
            UPDATE snapshot SET begun_at = clock_timestamp(), dry_run = $3
             WHERE vendor_id = $1 AND number = $2 AND status = 'open' AND begun_at IS NULL
            """;
    private static final String END = """
            UPDATE snapshot SET ended_at = clock_timestamp(), items = $3
             WHERE vendor_id = $1 AND number = $2 AND status = 'open' AND ended_at IS NULL
            """;
    private static final String KNOWN_BEGIN = """
            SELECT dry_run = $3 AS same FROM snapshot WHERE vendor_id = $1 AND number = $2
            """;
    private static final String KNOWN_END = """
            SELECT items = $3 AS same FROM snapshot WHERE vendor_id = $1 AND number = $2
            """;
    private static final String RECOUNT = """
            UPDATE feed_partition
               SET applied = applied - $3 - $4 - $5, stale = stale + $3, duplicate = duplicate + $4,
                   quarantined = quarantined + $5
             WHERE topic = $1 AND partition = $2
            """;
    private static final String LIST = """
            WITH item AS MATERIALIZED (
              SELECT DISTINCT * FROM unnest($1::text[], $2::bigint[], $3::text[]) AS i (vendor_id, number, sku)
            ), open AS MATERIALIZED (
              SELECT s.vendor_id, s.number FROM snapshot s
               WHERE s.status = 'open' AND (s.vendor_id, s.number) IN (SELECT i.vendor_id, i.number FROM item i)
               ORDER BY s.vendor_id, s.number
                 FOR KEY SHARE
            ), listed AS (
              INSERT INTO snapshot_item (vendor_id, number, sku)
              SELECT i.vendor_id, i.number, i.sku FROM item i JOIN open o USING (vendor_id, number)
               ORDER BY i.vendor_id COLLATE "C", i.number, i.sku COLLATE "C"
              ON CONFLICT DO NOTHING
              RETURNING vendor_id, number
            )
            INSERT INTO snapshot_count AS c (vendor_id, number, slot, items)
            SELECT vendor_id, number, $4, count(*) FROM listed GROUP BY vendor_id, number ORDER BY vendor_id, number
            ON CONFLICT (vendor_id, number, slot) DO UPDATE SET items = c.items + excluded.items
            """;

    private SnapshotMarkStore() {}

    /** An item's or a mark's snapshot. */
    private record Snapshot(String vendor, long number) {}

    /**
     * @param settled what became of the batch, its marks taken for applied
     * @return the same with what became of its marks
     */
    static Uni<List<Settled>> note(SqlConnection connection, FeedBatch batch, List<Settled> settled) {
        List<Snapshot> snapshots =
                settled.stream().flatMap(one -> snapshot(one).stream()).toList();
        if (snapshots.isEmpty()) {
            return Uni.createFrom().item(settled);
        }
        return connection
                .preparedQuery(OPEN)
                .execute(keys(snapshots))
                .chain(() -> mark(connection, settled))
                .call(marked -> recount(connection, batch, outcomesOfMarks(settled, marked)))
                .call(marked -> list(connection, batch, marked));
    }

    private static Optional<Snapshot> snapshot(Settled settled) {
        return switch (settled.message().parsed()) {
            case SnapshotMark mark -> Optional.of(new Snapshot(mark.vendor(), mark.number()));
            case ProductChange change ->
                Optional.ofNullable(change.snapshot()).map(number -> new Snapshot(change.vendor(), number));
            case Rejection notListed -> Optional.empty();
        };
    }

    private static Tuple keys(List<Snapshot> snapshots) {
        return Tuple.tuple()
                .addArrayOfString(snapshots.stream().map(Snapshot::vendor).toArray(String[]::new))
                .addArrayOfLong(snapshots.stream().map(Snapshot::number).toArray(Long[]::new));
    }

    private static Uni<List<Settled>> mark(SqlConnection connection, List<Settled> settled) {
        return Multi.createFrom()
                .iterable(settled)
                .onItem()
                .transformToUniAndConcatenate(one -> one.message().parsed() instanceof SnapshotMark mark
                        ? mark(connection, one, mark)
                        : Uni.createFrom().item(one))
                .collect()
                .asList();
    }

    private static Uni<Settled> mark(SqlConnection connection, Settled settled, SnapshotMark mark) {
        return connection
                .preparedQuery(mark.begins() ? BEGIN : END)
                .execute(values(mark))
                .chain(noted -> noted.rowCount() > 0
                        ? Uni.createFrom().item(settled)
                        : connection
                                .preparedQuery(mark.begins() ? KNOWN_BEGIN : KNOWN_END)
                                .execute(values(mark))
                                .map(rows -> rows.iterator().next().getBoolean("same"))
                                .map(same -> known(settled, mark, Optional.ofNullable(same))));
    }

    private static Tuple values(SnapshotMark mark) {
        Tuple values = Tuple.of(mark.vendor(), mark.number());
        return mark.begins() ? values.addBoolean(mark.dryRun()) : values.addLong(mark.items());
    }

    /** @param same as the one that was there; empty when there was none, and the snapshot has been given up without it */
    private static Settled known(Settled settled, SnapshotMark mark, Optional<Boolean> same) {
        if (same.isEmpty()) {
            return new Settled(settled.message(), Outcome.STALE, null);
        }
        return same.get()
                ? new Settled(settled.message(), Outcome.DUPLICATE, null)
                : new Settled(settled.message().rejectedFor(Rejection.conflict(mark)), Outcome.QUARANTINED, null);
    }

    private static List<Outcome> outcomesOfMarks(List<Settled> before, List<Settled> after) {
        return IntStream.range(0, before.size())
                .filter(i -> before.get(i).message().parsed() instanceof SnapshotMark)
                .mapToObj(i -> after.get(i).outcome())
                .toList();
    }

    /** The position has moved already, with all marks counted as applied. */
    private static Uni<Void> recount(SqlConnection connection, FeedBatch batch, List<Outcome> outcomes) {
        if (batch.claim().isEmpty() || outcomes.stream().allMatch(outcome -> outcome == Outcome.APPLIED)) {
            return Uni.createFrom().voidItem();
        }
        TopicPartition partition = batch.claim().get().partition();
        return connection
                .preparedQuery(RECOUNT)
                .execute(Tuple.of(
                        partition.topic(),
                        partition.partition(),
                        count(outcomes, Outcome.STALE),
                        count(outcomes, Outcome.DUPLICATE),
                        count(outcomes, Outcome.QUARANTINED)))
                .replaceWithVoid();
    }

    private static long count(List<Outcome> outcomes, Outcome wanted) {
        return outcomes.stream().filter(outcome -> outcome == wanted).count();
    }

    private static Uni<Void> list(SqlConnection connection, FeedBatch batch, List<Settled> marked) {
        List<ProductChange> items = marked.stream()
                .map(one -> one.message().parsed())
                .filter(ProductChange.class::isInstance)
                .map(ProductChange.class::cast)
                .filter(change -> change.snapshot() != null)
                .toList();
        if (items.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple parameters = Tuple.tuple()
                .addArrayOfString(items.stream().map(ProductChange::vendor).toArray(String[]::new))
                .addArrayOfLong(items.stream().map(ProductChange::snapshot).toArray(Long[]::new))
                .addArrayOfString(items.stream().map(ProductChange::sku).toArray(String[]::new))
                .addInteger(batch.origin().map(TopicPartition::partition).orElse(BY_HTTP));
        return connection.preparedQuery(LIST).execute(parameters).replaceWithVoid();
    }
}
