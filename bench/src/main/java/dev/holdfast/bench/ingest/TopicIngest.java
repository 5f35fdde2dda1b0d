package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From the topic to the catalogue: the packaged service as it is delivered, with history, events and relay, beside the
 * bare statement on plain JDBC, and beside a statement per message.
 *
 * <p>All messages are in the topic before the service starts, the first 600,000 of them to warm it up.
 */
public final class TopicIngest implements Comparison {
    private static final int EVENT_PARTITIONS = 4;
    private static final Goal OF_PLAIN_JDBC = new Goal.RatioAtLeast(0.8);
    private static final Goal OF_ROW_BY_ROW = new Goal.RatioAtLeast(5);

    private final int partitions;
    private final Feed feed;

    public TopicIngest(int partitions) {
        this.partitions = partitions;
        this.feed = Feed.withStale(partitions);
    }

    @Override
    public List<Subject> subjects() {
        String plainJdbc = "the same statement from plain JDBC: connections: %d, batches of 1,000, parsed before"
                .formatted(partitions);
        String rowByRow = "a guarded upsert per message in autocommit, without history and events; connections: %d"
                .formatted(partitions);
        return List.of(
                subject("ingest-topic-%d-new", plainJdbc, OF_PLAIN_JDBC),
                subject("ingest-topic-%d-updates", plainJdbc, OF_PLAIN_JDBC),
                subject("ingest-topic-%d-stale", plainJdbc, OF_PLAIN_JDBC),
                subject("ingest-rows-%d-new", rowByRow, OF_ROW_BY_ROW),
                subject("ingest-rows-%d-updates", rowByRow, OF_ROW_BY_ROW));
    }

    private Subject subject(String name, String peer, Goal goal) {
        return new Subject(name.formatted(partitions), "messages/s", peer, goal);
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        List<Run> runs = run(servers, feed, Map.of());
        var all = new ArrayList<>(runs);
        all.addAll(runs.subList(0, 2)); // the same, beside the second peer
        return all;
    }

    /** From a preloaded topic, with what the service must keep and tell proved afterwards. */
    static List<Run> run(Servers servers, Feed feed, Map<String, String> settings) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        String topic = servers.kafka().freshTopic(feed.partitions());
        String eventTopic = servers.kafka().freshTopic(EVENT_PARTITIONS);
        var environment = new HashMap<>(settings);
        environment.put("PRODUCT_EVENT_TOPIC", eventTopic);
        feed.publish(servers.kafka(), topic);
        servers.checkpoint();
        List<Run> runs;
        try (var service = PackagedService.start(servers, catalogue, topic, environment)) {
            runs = service.measure(feed);
            service.awaitSettled();
        }
        catalogue.checkCounters(feed, topic);
        catalogue.checkHistory(feed, !"false".equals(settings.get("PRODUCT_HISTORY")));
        catalogue.checkProducts(feed.fold());
        checkEvents(servers.recordsIn(eventTopic), "false".equals(settings.get("PRODUCT_EVENTS")) ? 0 : feed.changes());
        servers.deleteTopics(topic, eventTopic);
        return runs;
    }

    /** An event may come twice, but none may be missing. */
    private static void checkEvents(long told, long due) {
        if (told < due || (due == 0 && told > 0)) {
            throw new IllegalStateException("%d events instead of %d".formatted(told, due));
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        var runs = new ArrayList<>(PlainJdbc.measure(servers, catalogue, feed));
        catalogue.checkCounters(feed, PlainJdbc.TOPIC);
        catalogue.checkHistory(feed, true);
        catalogue.checkProducts(feed.fold());
        runs.addAll(RowByRow.measure(servers, Catalogue.fresh(servers), partitions));
        return runs;
    }
}
