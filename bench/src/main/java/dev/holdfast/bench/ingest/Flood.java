package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long a vendor's 100 messages take that come right behind 200,000 of another vendor in the same partition: with
 * nothing of theirs in the flood, and with one of theirs after each 1,000 of it, as when both send all day.
 *
 * <p>Beside the same service with fairness switched off.
 */
public final class Flood implements Comparison {
    private static final int WARM_UP_PRODUCTS = Scale.of(50_000);
    private static final int FLOOD = Scale.of(200_000);
    private static final int BEHIND = 100;
    private static final int TRICKLE_EVERY = 1_000;
    private static final int PARTITIONS = 1;
    private static final String PEER = "the same service with product.feed.fairness.share-max=1";
    private static final Map<String, String> AS_DELIVERED = Map.of();
    private static final Map<String, String> SWITCHED_OFF = Map.of("PRODUCT_FEED_FAIRNESS_SHARE_MAX", "1.0");

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject("ingest-fairness-behind", "ms", PEER, null),
                new Subject("ingest-fairness-among", "ms", PEER, null));
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        return run(servers, AS_DELIVERED);
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        return run(servers, SWITCHED_OFF);
    }

    private static List<Run> run(Servers servers, Map<String, String> settings) throws Exception {
        Catalogue catalogue = Catalogue.fresh(servers);
        String topic = servers.kafka().freshTopic(PARTITIONS);
        servers.checkpoint();
        try (var service = PackagedService.start(servers, catalogue, topic, settings);
                Connection connection = catalogue.schema().connect()) {
            for (long version = 1; version <= 2; version++) {
                publish(servers, topic, new Part(0, WARM_UP_PRODUCTS, version).items());
            }
            long received = 2L * WARM_UP_PRODUCTS;
            service.awaitReceived(received);
            service.awaitSettled();

            var runs = new ArrayList<Run>();
            int first = WARM_UP_PRODUCTS;
            List<IntFunction<Item>> floods = List.of(Flood::flooding, Flood::floodingWithTrickle);
            for (IntFunction<Item> flood : floods) {
                List<Item> behind = IntStream.range(first + FLOOD, first + FLOOD + BEHIND)
                        .mapToObj(Flood::other)
                        .toList();
                publish(servers, topic, IntStream.range(first, first + FLOOD).mapToObj(flood));
                var stopwatch = new Stopwatch();
                publish(servers, topic, behind.stream());
                service.await(() -> areVisible(connection, behind));
                runs.add(stopwatch.stopMs(FLOOD + BEHIND));
                received += FLOOD + BEHIND;
                first += FLOOD + BEHIND;
                service.awaitReceived(received);
                service.awaitSettled();
            }
            check(catalogue, topic, received);
            return runs;
        }
    }

    private static Item flooding(int number) {
        return new Item("acme", number, 1);
    }

    private static Item floodingWithTrickle(int number) {
        return number % TRICKLE_EVERY == 0 ? other(number) : flooding(number);
    }

    private static Item other(int number) {
        return new Item("globex", number, 1);
    }

    private static void publish(Servers servers, String topic, Stream<Item> items)
            throws ExecutionException, InterruptedException {
        Feed.publish(servers.kafka(), topic, PARTITIONS, items, Item::json);
    }

    /** They come one after the other, so the last ones are looked for first. */
    private static boolean areVisible(Connection connection, List<Item> items) throws SQLException {
        for (Item item : items.reversed()) {
            if (!Catalogue.shows(connection, item)) {
                return false;
            }
        }
        return true;
    }

    /** Whoever had to wait is there in the end. */
    private static void check(Catalogue catalogue, String topic, long due) throws SQLException {
        try (Connection connection = catalogue.schema().connect()) {
            var counters = catalogue.counters(connection, topic);
            if (!counters.equals(new Catalogue.Counters(due, due, 0, 0, 0))) {
                throw new IllegalStateException("%s instead of %d applied".formatted(counters, due));
            }
        }
    }
}
