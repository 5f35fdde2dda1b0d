package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import dev.holdfast.product.catalogue.LiveQueries;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a million deleted products cost whoever reads the hundred thousand live ones: a page of 50, or one product by its
 * id, at random places. Beside the same without any deleted product, and beside what one would write first: a primary
 * key, a {@code deleted_at}, and {@code WHERE deleted_at IS NULL}.
 *
 * <p>The three tables hold the same live rows, in the same random order, and are made once: the runs only read.
 */
public final class SoftDelete implements Comparison {
    private static final int LIVE = Scale.of(100_000);
    private static final int DELETED = Scale.of(1_000_000);
    private static final int VENDORS = 20;
    private static final int CONNECTIONS = 4;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final String TABLES = """
            CREATE TABLE product_alone (LIKE product INCLUDING ALL) WITH (fillfactor = 50);
            CREATE VIEW live_alone AS
              SELECT vendor_id, sku, src_version, row_version, gtin, name, price_minor, currency, attributes, updated_at
                FROM product_alone WHERE state = 'live';
            CREATE TABLE product_naive (LIKE product INCLUDING DEFAULTS, PRIMARY KEY (vendor_id, sku)) WITH (fillfactor = 50);
            CREATE VIEW live_naive AS
              SELECT vendor_id, sku, src_version, row_version, gtin, name, price_minor, currency, attributes, updated_at
                FROM product_naive WHERE deleted_at IS NULL;
            GRANT SELECT ON live_alone, live_naive TO product_app;

            INSERT INTO product (vendor_id, sku, src_version, state, name, price_minor, currency, attributes, content_hash,
                                 updated_at, deleted_at)
            SELECT 'vendor-' || i % $vendors, md5(i::text), 1, CASE WHEN i <= $live THEN 'live' ELSE 'deleted' END,
                   'Cordless drill ' || i, i, 'EUR', '{"colour": "green", "watts": 18}', decode(md5(i::text), 'hex'), now(),
                   CASE WHEN i > $live THEN now() END
              FROM generate_series(1, $all) AS i
             ORDER BY md5(i::text || 'order');
            INSERT INTO product_naive SELECT * FROM product;
            INSERT INTO product_alone SELECT * FROM product WHERE state = 'live';
            """.replace("$vendors", String.valueOf(VENDORS))
            .replace("$live", String.valueOf(LIVE))
            .replace("$all", String.valueOf(LIVE + DELETED));

    private static final String IDS = """
            SELECT vendor_id, sku FROM live_product
            """;

    /** How the live products are read. */
    private enum Read {
        PAGE(LiveQueries.PAGE, 50, Scale.of(15_000), 51),
        LOOKUP(LiveQueries.BY_ID, 0, Scale.of(80_000), 1);

        private final String sql;
        private final int limit;
        private final int queries;
        private final int rowsMax;

        Read(String sql, int limit, int queries, int rowsMax) {
            this.sql = sql;
            this.limit = limit;
            this.queries = queries;
            this.rowsMax = rowsMax;
        }

        Tuple parameters(Id id) {
            return this == PAGE ? Tuple.of(id.vendor(), id.sku(), limit + 1) : Tuple.of(id.vendor(), id.sku());
        }

        String unit() {
            return this == PAGE ? "pages/s" : "lookups/s";
        }
    }

    /** What stands beside. */
    private enum Peer {
        ALONE("live_alone", "the same statement where nothing was ever deleted"),
        NAIVE("live_naive", "the same rows with a primary key only and WHERE deleted_at IS NULL");

        private final String view;
        private final String description;

        Peer(String view, String description) {
            this.view = view;
            this.description = description;
        }
    }

    private record Id(String vendor, String sku) {}

    /** What the comparisons share. */
    private static final class Tables {
        private @Nullable Schema made;

        Schema on(Servers servers) throws SQLException {
            if (made == null) {
                Schema schema = Schema.fresh(servers, "product", "db/platform", "db/migration");
                schema.execute(TABLES);
                for (String table : List.of("product", "product_alone", "product_naive")) {
                    schema.execute("VACUUM ANALYZE " + table);
                }
                made = schema;
            }
            return made;
        }
    }

    private final Tables tables;
    private final Read read;
    private final Peer peer;

    private SoftDelete(Tables tables, Read read, Peer peer) {
        this.tables = tables;
        this.read = read;
        this.peer = peer;
    }

    /** Pages and lookups, each beside both. They share their tables, so nothing may come between them. */
    public static List<Comparison> all() {
        var tables = new Tables();
        return List.of(
                new SoftDelete(tables, Read.PAGE, Peer.ALONE),
                new SoftDelete(tables, Read.PAGE, Peer.NAIVE),
                new SoftDelete(tables, Read.LOOKUP, Peer.ALONE),
                new SoftDelete(tables, Read.LOOKUP, Peer.NAIVE));
    }

    @Override
    public List<Subject> subjects() {
        return List.of(new Subject(
                "ingest-soft-delete-%s-%s".formatted(read, peer).toLowerCase(Locale.ROOT),
                read.unit(),
                "%s; %,d deleted beside %,d live products, %d connections"
                        .formatted(peer.description, DELETED, LIVE, CONNECTIONS),
                peer == Peer.ALONE ? new Goal.RatioAtLeast(0.9) : null));
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        return List.of(run(servers, read.sql));
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        return List.of(run(servers, read.sql.replace("live_product", peer.view)));
    }

    private Run run(Servers servers, String sql) throws Exception {
        Pool pool = tables.on(servers).openPool(CONNECTIONS);
        try {
            List<Id> ids = pool.query(IDS)
                    .execute()
                    .map(rows -> rows.stream()
                            .map(row -> new Id(row.getString(0), row.getString(1)))
                            .toList())
                    .await()
                    .atMost(TIMEOUT);
            if (ids.size() != LIVE) {
                throw new IllegalStateException("%d live products".formatted(ids.size()));
            }
            return measure(servers, pool, sql, ids);
        } finally {
            pool.closeAndForget();
        }
    }

    private Run measure(Servers servers, Pool pool, String sql, List<Id> ids) throws SQLException {
        var latenciesNs = new long[read.queries];
        var full = new AtomicLong();
        Stopwatch stopwatch = servers.startStopwatch();
        Multi.createFrom()
                .range(0, read.queries)
                .onItem()
                .transformToUni(number -> {
                    Id id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
                    long startNs = System.nanoTime();
                    return pool.preparedQuery(sql).execute(read.parameters(id)).invoke(rows -> {
                        latenciesNs[number] = System.nanoTime() - startNs;
                        count(rows, full);
                    });
                })
                .merge(CONNECTIONS)
                .collect()
                .last()
                .await()
                .atMost(TIMEOUT);
        Run run = stopwatch.stop(read.queries);
        // only the last pages of all are shorter
        if (full.get() < read.queries * 0.99) {
            throw new IllegalStateException("%d of %d answers are full".formatted(full.get(), read.queries));
        }
        Arrays.sort(latenciesNs);
        System.out.printf(
                Locale.ROOT,
                "            p50 %.3f ms, p99 %.3f ms%n",
                latenciesNs[read.queries / 2] / 1e6,
                latenciesNs[(int) (read.queries * 0.99)] / 1e6);
        return run;
    }

    private void count(RowSet<Row> rows, AtomicLong full) {
        if (rows.size() == read.rowsMax) {
            full.incrementAndGet();
        }
    }
}
