package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How many messages a vendor may have taken in a day (UTC); more than that waits for the next.
 *
 * <p>The count is one row per vendor and day. A batch adds to it after its work, so that batches which share a vendor
 * wait for each other's commit and not for each other's work; only one that does not fit is run again with the row
 * locked first.
 */
final class QuotaStore {
    private static final String TAKE = """
            INSERT INTO vendor_day AS d (vendor_id, day, taken)
            SELECT m.vendor_id, $4, m.messages
              FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS m (vendor_id, messages, quota)
             WHERE m.messages <= m.quota
             ORDER BY m.vendor_id
            ON CONFLICT (vendor_id, day) DO UPDATE SET taken = d.taken + excluded.taken
             WHERE d.taken + excluded.taken <= (SELECT m.quota FROM unnest($1::text[], $3::bigint[]) AS m (vendor_id, quota)
                                                 WHERE m.vendor_id = excluded.vendor_id)
            """;
    private static final String OPEN = """
            INSERT INTO vendor_day (vendor_id, day, taken)
            SELECT v, $2, 0 FROM unnest($1::text[]) AS v ORDER BY v ON CONFLICT DO NOTHING
            """;
    private static final String LOCK = """
            SELECT vendor_id, taken FROM vendor_day WHERE vendor_id = ANY ($1) AND day = $2 ORDER BY vendor_id FOR UPDATE
            """;

    private final Function<String, OptionalLong> quotaOfVendor;
    private final Clock clock;

    /** @param quotaOfVendor messages per day; empty for no limit */
    QuotaStore(Function<String, OptionalLong> quotaOfVendor, Clock clock) {
        this.quotaOfVendor = quotaOfVendor;
        this.clock = clock;
    }

    /** A batch has more messages of a vendor than may be taken today. */
    static final class ReachedException extends RuntimeException {
        ReachedException() {
            super("A vendor's daily quota is reached", null, false, false);
        }
    }

    /**
     * Counts messages, or fails with {@link ReachedException} when they do not all fit.
     *
     * @param messages of each vendor
     */
    Uni<Void> take(SqlConnection connection, Map<String, Integer> messages) {
        Map<String, Demand> demands = demands(messages);
        if (demands.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        String[] vendors = demands.keySet().toArray(String[]::new);
        return connection
                .preparedQuery(TAKE)
                .execute(Tuple.tuple()
                        .addArrayOfString(vendors)
                        .addArrayOfLong(
                                demands.values().stream().map(Demand::messages).toArray(Long[]::new))
                        .addArrayOfLong(
                                demands.values().stream().map(Demand::quota).toArray(Long[]::new))
                        .addLocalDate(today()))
                .invoke(rows -> {
                    if (rows.rowCount() < vendors.length) {
                        throw new ReachedException();
                    }
                })
                .replaceWithVoid();
    }

    /** How many more messages may be taken, of each vendor that has a limit; nobody else takes any until the commit. */
    Uni<Map<String, Long>> lockRest(SqlConnection connection, Map<String, Integer> messages) {
        Map<String, Demand> demands = demands(messages);
        String[] vendors = demands.keySet().toArray(String[]::new);
        if (vendors.length == 0) {
            return Uni.createFrom().item(Map.of());
        }
        return connection
                .preparedQuery(OPEN)
                .execute(Tuple.tuple().addArrayOfString(vendors).addLocalDate(today()))
                .chain(opened -> connection
                        .preparedQuery(LOCK)
                        .execute(Tuple.tuple().addArrayOfString(vendors).addLocalDate(today())))
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(
                                row -> row.getString(0),
                                row -> Objects.requireNonNull(demands.get(row.getString(0)))
                                                .quota()
                                        - row.getLong(1))));
    }

    /** What a batch has of a vendor with a quota. */
    private record Demand(long messages, long quota) {}

    /** In one order for all, since rows are locked in it. */
    private Map<String, Demand> demands(Map<String, Integer> messages) {
        var demands = new TreeMap<String, Demand>();
        messages.forEach((vendor, count) ->
                quotaOfVendor.apply(vendor).ifPresent(quota -> demands.put(vendor, new Demand(count, quota))));
        return demands;
    }

    /** When the next day's quota begins. */
    Instant tomorrow() {
        return today().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
