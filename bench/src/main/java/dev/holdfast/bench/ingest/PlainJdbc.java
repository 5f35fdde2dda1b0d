package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Run;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.product.feed.JdbcFeed;
import dev.holdfast.product.feed.JdbcFeed.Batch;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * The ceiling: the service's own statement, with nothing around it. Each partition has a connection and a thread; the
 * messages are parsed and turned into arrays before the clock starts.
 */
final class PlainJdbc {
    static final int BATCH = 1_000;
    static final String TOPIC = "plain-jdbc";

    private final Feed feed;
    private final long[] offsets;

    private PlainJdbc(Feed feed) {
        this.feed = feed;
        this.offsets = new long[feed.partitions()];
    }

    /** The rate of each counted part. */
    static List<Run> measure(Servers servers, Catalogue catalogue, Feed feed)
            throws SQLException, InterruptedException, ExecutionException {
        return new PlainJdbc(feed).measure(servers, catalogue);
    }

    private List<Run> measure(Servers servers, Catalogue catalogue)
            throws SQLException, InterruptedException, ExecutionException {
        var connections = new ArrayList<JdbcFeed>();
        try (ExecutorService threads = Executors.newFixedThreadPool(feed.partitions())) {
            for (int partition = 0; partition < feed.partitions(); partition++) {
                connections.add(JdbcFeed.claim(catalogue.schema().connect(), TOPIC, partition));
            }
            servers.checkpoint();
            for (Part part : feed.warmUp()) {
                apply(connections, batches(part), threads);
            }
            var runs = new ArrayList<Run>();
            for (Part part : feed.counted()) {
                List<List<Batch>> batches = batches(part);
                var stopwatch = new Stopwatch();
                apply(connections, batches, threads);
                runs.add(stopwatch.stop(part.count()));
            }
            return runs;
        } finally {
            for (JdbcFeed connection : connections) {
                connection.close();
            }
        }
    }

    /** Per partition; the offsets go on from part to part. */
    private List<List<Batch>> batches(Part part) {
        List<List<byte[]>> values = IntStream.range(0, feed.partitions())
                .<List<byte[]>>mapToObj(partition -> new ArrayList<>())
                .toList();
        part.items()
                .forEach(item -> values.get(item.partition(feed.partitions())).add(item.bytes()));
        var batches = new ArrayList<List<Batch>>();
        for (int partition = 0; partition < feed.partitions(); partition++) {
            List<byte[]> own = values.get(partition);
            batches.add(JdbcFeed.parse(own, offsets[partition], BATCH));
            offsets[partition] += own.size();
        }
        return batches;
    }

    private static void apply(List<JdbcFeed> connections, List<List<Batch>> batches, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        var running = new ArrayList<Future<?>>();
        for (int partition = 0; partition < connections.size(); partition++) {
            JdbcFeed connection = connections.get(partition);
            List<Batch> own = batches.get(partition);
            running.add(threads.submit(() -> {
                for (Batch batch : own) {
                    connection.apply(batch);
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
    }
}
