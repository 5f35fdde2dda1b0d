package dev.holdfast.platform.outbox;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.platform.lease.Lease;
import dev.holdfast.platform.outbox.Delivery.Refusal;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The relay's side of the outbox. */
final class OutboxStore {
    /** As many as the generated column {@code outbox.shard} tells apart. */
    static final int SHARDS = 8;

    /** By presence: what is visible and still here is due. A cursor would lose a row that commits late. */
    private static final String CLAIM = """
            SELECT id, event_id, topic, type, aggregate_id, aggregate_version, occurred_at, payload, traceparent
              FROM outbox_due($1::smallint, $2)
            """;

    /**
     * FOR SHARE holds the epoch until the commit, so nobody takes over between the check and the deletion. The commit
     * does not wait for the disk: if the server forgets a deletion in a crash, the event is sent again.
     */
    private static final String SETTLE = """
            WITH fence AS MATERIALIZED (
              SELECT set_config('synchronous_commit', 'off', true) FROM lease WHERE name = $1 AND epoch = $2 FOR SHARE
            ), sent AS (
              SELECT outbox_sent($3::smallint, $4) FROM fence
            ), parked AS (
              INSERT INTO outbox_parked (aggregate_id, event_id, reason)
              SELECT * FROM unnest($5::text[], $6::uuid[], $7::text[]) WHERE EXISTS (SELECT FROM fence)
              ON CONFLICT DO NOTHING
            )
            SELECT (SELECT count(*) FROM sent) FROM fence
            """;

    private static final String BACKLOG = """
            SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT $1) AS due) AS events,
                   (SELECT count(*) FROM outbox_parked) AS parked
            """;

    private final Pool pool;

    OutboxStore(Pool pool) {
        this.pool = pool;
    }

    Uni<List<ClaimedEvent>> claim(int shard, int limit) {
        return pool.preparedQuery(CLAIM).execute(Tuple.of(shard, limit)).map(rows -> {
            var claimed = new ArrayList<ClaimedEvent>(rows.size());
            rows.forEach(row -> claimed.add(toClaimedEvent(row)));
            return claimed;
        });
    }

    /** Deletes what was acknowledged and parks what was refused, or fails with {@link FencedOffException}. */
    Uni<Void> settle(Lease lease, int shard, Delivery delivery) {
        List<Refusal> refused = delivery.refused();
        Tuple parameters = Tuple.of(lease.name(), lease.epoch(), shard)
                .addArrayOfLong(delivery.acknowledged().toArray(Long[]::new))
                .addArrayOfString(refused.stream()
                        .map(refusal -> refusal.event().aggregateId())
                        .toArray(String[]::new))
                .addArrayOfUUID(refused.stream()
                        .map(refusal -> refusal.event().eventId())
                        .toArray(UUID[]::new))
                .addArrayOfString(refused.stream().map(Refusal::reason).toArray(String[]::new));
        return pool.preparedQuery(SETTLE)
                .execute(parameters)
                .invoke(rows -> {
                    if (rows.size() == 0) {
                        throw new FencedOffException(lease.name(), lease.epoch());
                    }
                })
                .replaceWithVoid();
    }

    record Backlog(long events, long parkedAggregates) {}

    /** @param countMax the count stops there: counting a long backlog would slow it further */
    Uni<Backlog> backlog(int countMax) {
        return pool.preparedQuery(BACKLOG)
                .execute(Tuple.of(countMax))
                .map(rows -> rows.iterator().next())
                .map(row -> new Backlog(row.getLong("events"), row.getLong("parked")));
    }

    private static ClaimedEvent toClaimedEvent(Row row) {
        return new ClaimedEvent(
                row.getLong("id"),
                new OutboxEvent(
                        row.getUUID("event_id"),
                        row.getString("topic"),
                        row.getString("type"),
                        row.getString("aggregate_id"),
                        row.getLong("aggregate_version"),
                        row.getOffsetDateTime("occurred_at").toInstant(),
                        row.getString("payload"),
                        row.getString("traceparent")));
    }
}
