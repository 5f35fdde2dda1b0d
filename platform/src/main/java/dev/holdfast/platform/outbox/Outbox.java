package dev.holdfast.platform.outbox;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where a service leaves its events, inside the transaction of the change they tell of.
 *
 * <p>Order per aggregate holds under one condition: the caller has locked the aggregate's row, by giving it its next
 * version, <em>before</em> it appends. Then the ids of one aggregate's events rise in the order of its commits. No
 * writer waits for a writer of another aggregate.
 */
public final class Outbox {
    private static final String APPEND = """
            INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, payload, traceparent)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[],
                                 $7::text[], $8::text[])
            """;

    private final Runnable wake;

    /** @param wake called after a commit; cheap, and allowed to be called too often */
    public Outbox(Runnable wake) {
        this.wake = wake;
    }

    /** Adds events to the caller's transaction. */
    public Uni<Void> append(SqlConnection connection, List<OutboxEvent> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple parameters = Tuple.tuple()
                .addArrayOfUUID(column(events, OutboxEvent::eventId, UUID[]::new))
                .addArrayOfString(column(events, OutboxEvent::topic, String[]::new))
                .addArrayOfString(column(events, OutboxEvent::type, String[]::new))
                .addArrayOfString(column(events, OutboxEvent::aggregateId, String[]::new))
                .addArrayOfLong(column(events, OutboxEvent::aggregateVersion, Long[]::new))
                .addArrayOfOffsetDateTime(
                        column(events, event -> event.occurredAt().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new))
                .addArrayOfString(column(events, OutboxEvent::payload, String[]::new))
                .addArrayOfString(column(events, OutboxEvent::traceparent, String[]::new));
        return connection.preparedQuery(APPEND).execute(parameters).replaceWithVoid();
    }

    /** To be called once the transaction has committed: the relay of this process sends within milliseconds. */
    public void wake() {
        wake.run();
    }

    private static <T> @Nullable T[] column(
            List<OutboxEvent> events, Function<OutboxEvent, @Nullable T> value, IntFunction<@Nullable T[]> array) {
        return events.stream().map(value).toArray(array);
    }
}
