package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Run;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.local.demo.FeedRecord;
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
record PlainJdbc(List<List<Batch>> warmUp, List<List<Batch>> counted) {
    static final int BATCH = 1_000;
    static final String TOPIC = "plain-jdbc";

    static PlainJdbc of(Feed feed) {
        var offsets = new long[Feed.PARTITIONS];
        return new PlainJdbc(batches(feed.warmUp(), offsets), batches(feed.counted(), offsets));
    }

    /** Per partition; the offsets go on from part to part. */
    private static List<List<Batch>> batches(List<FeedRecord> messages, long[] offsets) {
        return IntStream.range(0, Feed.PARTITIONS)
                .mapToObj(partition -> {
                    List<byte[]> values = messages.stream()
                            .filter(message -> Feed.partitionOf(message) == partition)
                            .map(FeedRecord::bytes)
                            .toList();
                    List<Batch> batches = JdbcFeed.parse(values, offsets[partition], BATCH);
                    offsets[partition] += values.size();
                    return batches;
                })
                .toList();
    }

    Run run(Servers servers, Schema schema) throws SQLException, InterruptedException, ExecutionException {
        var feeds = new ArrayList<JdbcFeed>();
        try (ExecutorService threads = Executors.newFixedThreadPool(Feed.PARTITIONS)) {
            for (int partition = 0; partition < Feed.PARTITIONS; partition++) {
                feeds.add(JdbcFeed.claim(schema.connect(), TOPIC, partition));
            }
            servers.checkpoint();
            apply(feeds, warmUp, threads);
            var stopwatch = new Stopwatch();
            apply(feeds, counted, threads);
            return stopwatch.stop(Feed.COUNTED);
        } finally {
            for (JdbcFeed feed : feeds) {
                feed.close();
            }
        }
    }

    private static void apply(List<JdbcFeed> feeds, List<List<Batch>> batches, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        var running = new ArrayList<Future<?>>();
        for (int partition = 0; partition < feeds.size(); partition++) {
            JdbcFeed feed = feeds.get(partition);
            List<Batch> own = batches.get(partition);
            running.add(threads.submit(() -> {
                for (Batch batch : own) {
                    feed.apply(batch);
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
    }
}
