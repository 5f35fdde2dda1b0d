package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Subject;
import java.util.List;
import java.util.Map;

/**
 * How long after its publication a message is visible, at 1,000 messages/s, which leaves both sides room.
 */
public final class FeedLatency implements Comparison {
    private static final int PARTITIONS = 4;
    private static final int BURST = Scale.of(100_000);
    private static final String PEER =
            "a consumer that writes each message by itself, a thread and a connection for each of 4 partitions";
    private static final Map<String, String> NOTHING_ELSE = Map.of();

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject("ingest-latency-p50", "ms", PEER, null),
                new Subject("ingest-latency-p99", "ms", PEER, new Goal.ValueBelow(50)));
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        String topic = servers.kafka().freshTopic(PARTITIONS);
        Part newOnes = new Part(SteadyFeed.PRODUCTS, BURST, 1);
        Part updates = new Part(SteadyFeed.PRODUCTS, BURST, 2);
        for (Part part : List.of(newOnes, updates)) {
            Feed.publish(servers.kafka(), topic, PARTITIONS, part.items(), Item::json);
        }
        servers.checkpoint();
        try (var service = PackagedService.start(servers, catalogue, topic, NOTHING_ELSE)) {
            service.awaitReceived(2L * BURST);
            service.awaitSettled();
            return new SteadyFeed(servers.kafka(), topic, PARTITIONS).measure(catalogue);
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        String topic = servers.kafka().freshTopic(PARTITIONS);
        servers.checkpoint();
        try (var consumer = RowByRowConsumer.start(servers, catalogue.schema(), topic, PARTITIONS)) {
            List<Run> runs = new SteadyFeed(servers.kafka(), topic, PARTITIONS).measure(catalogue);
            consumer.check();
            return runs;
        }
    }
}
