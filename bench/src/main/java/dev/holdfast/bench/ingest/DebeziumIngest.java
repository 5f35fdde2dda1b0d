package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The packaged service on one partition beside Debezium's JDBC sink: as it is delivered, and with history and events
 * switched off, which the sink has not either.
 */
public final class DebeziumIngest implements Comparison {
    private static final String PEER =
            "Debezium JDBC sink 3.5.0 in Kafka Connect 4.1.1, 1 task: unnest, reduction buffer, batches of 2,000";
    private static final Map<String, String> BARE = Map.of("PRODUCT_HISTORY", "false", "PRODUCT_EVENTS", "false");

    private final Feed feed = Feed.withoutStale(1);

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject("ingest-debezium-new", "messages/s", PEER, new Goal.RatioAtLeast(1)),
                new Subject("ingest-debezium-updates", "messages/s", PEER, new Goal.RatioAtLeast(1)),
                new Subject("ingest-debezium-bare-new", "messages/s", PEER, new Goal.RatioAtLeast(2)),
                new Subject("ingest-debezium-bare-updates", "messages/s", PEER, new Goal.RatioAtLeast(2)));
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        var runs = new ArrayList<>(TopicIngest.run(servers, feed, Map.of()));
        runs.addAll(TopicIngest.run(servers, feed, BARE));
        return runs;
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        // the schema in each message all but vanishes
        String topic = servers.kafka().freshTopic(1, Map.of("compression.type", "lz4"));
        feed.publish(servers.kafka(), topic, DebeziumSink::json);
        List<Run> runs = DebeziumSink.measure(servers, catalogue.schema(), feed, topic);
        catalogue.checkProducts(feed.fold());
        servers.deleteTopics(topic);
        var twice = new ArrayList<>(runs);
        twice.addAll(runs);
        return twice;
    }
}
