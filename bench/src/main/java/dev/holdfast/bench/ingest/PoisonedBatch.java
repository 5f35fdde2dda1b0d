package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Median;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import dev.holdfast.product.feed.JdbcFeed;
import dev.holdfast.product.feed.ServiceFeed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What one bad row in 1,000 costs: one that only the database finds out about, because it cannot hold a number. The
 * service cuts the batch in halves until the culprit stands alone; what most do is to write row by row once a batch
 * has failed. Both begin with the same statement; the figure is how much longer a batch takes with the bad row than
 * without.
 */
public final class PoisonedBatch implements Comparison {
    private static final int BATCH = 1_000;
    private static final int WARM_UP_PAIRS = Scale.of(20);
    private static final int PAIRS = Scale.of(40);

    /** Each of its batches takes long enough to be measured by fewer. */
    private static final int PEER_PAIRS = Scale.of(15);

    private static final int PEER_WARM_UP_PAIRS = Scale.of(5);
    private static final String TOPIC = "poisoned";
    private static final String BAD_ATTRIBUTES = "{\"big\":1e200000}";
    private static final int CONNECTIONS = 20;

    private interface Writer {
        /** @param firstOffset of the batch in its partition */
        void write(List<byte[]> batch, long firstOffset) throws Exception;
    }

    @Override
    public List<Subject> subjects() {
        return List.of(new Subject(
                "ingest-poison",
                "ms",
                "row by row in autocommit, once the batch of 1,000 has failed; more ms than without the bad row, on both sides",
                new Goal.ValueBelow(60)));
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        try (var feed = ServiceFeed.open(catalogue.schema(), CONNECTIONS, TOPIC)) {
            List<Run> runs = measure(servers, feed::apply, WARM_UP_PAIRS, PAIRS);
            int pairs = WARM_UP_PAIRS + PAIRS;
            catalogue.checkCount("product", (2L * BATCH - 1) * pairs);
            catalogue.checkCount("quarantine", pairs);
            return runs;
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        try (var batches = JdbcFeed.claim(catalogue.schema().connect(), TOPIC, 0);
                var rows = new RowByRow(catalogue.schema().connect())) {
            List<Run> runs = measure(
                    servers,
                    (batch, firstOffset) -> write(batches, rows, batch, firstOffset),
                    PEER_WARM_UP_PAIRS,
                    PEER_PAIRS);
            catalogue.checkCount("product", (2L * BATCH - 1) * (PEER_WARM_UP_PAIRS + PEER_PAIRS));
            return runs;
        }
    }

    private static void write(JdbcFeed batches, RowByRow rows, List<byte[]> batch, long firstOffset)
            throws SQLException, IOException {
        try {
            for (JdbcFeed.Batch parsed : JdbcFeed.parse(batch, firstOffset, BATCH)) {
                batches.apply(parsed);
            }
        } catch (SQLException refused) {
            int culprits = 0;
            for (byte[] message : batch) {
                try {
                    rows.apply(message);
                } catch (SQLException culprit) {
                    culprits++;
                }
            }
            if (culprits != 1) {
                throw new IllegalStateException("%d rows were refused".formatted(culprits), refused);
            }
        }
    }

    private static List<Run> measure(Servers servers, Writer writer, int warmUpPairs, int pairs) throws Exception {
        servers.checkpoint();
        var random = new Random(0);
        var clean = new ArrayList<Double>();
        var poisoned = new ArrayList<Double>();
        var stopwatch = new Stopwatch();
        for (int pair = 0; pair < warmUpPairs + pairs; pair++) {
            if (pair == warmUpPairs) {
                stopwatch = new Stopwatch();
                clean.clear();
                poisoned.clear();
            }
            clean.add(time(writer, 2 * pair, null));
            poisoned.add(time(writer, 2 * pair + 1, random.nextInt(BATCH)));
        }
        Run both = stopwatch.stop(2L * BATCH * pairs);
        return List.of(both.withValue(Median.of(poisoned) - Median.of(clean)));
    }

    /** In milliseconds. */
    private static double time(Writer writer, int number, @Nullable Integer badIndex) throws Exception {
        var batch = new ArrayList<byte[]>(BATCH);
        int firstNumber = number * BATCH;
        for (int i = 0; i < BATCH; i++) {
            Item item = Item.of(firstNumber + i, 1);
            String json = badIndex != null && badIndex == i ? item.json(BAD_ATTRIBUTES) : item.json();
            batch.add(json.getBytes(StandardCharsets.UTF_8));
        }
        long startNs = System.nanoTime();
        writer.write(batch, firstNumber);
        return (System.nanoTime() - startNs) / 1e6;
    }
}
