package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.await;
import static dev.holdfast.product.feed.FeedFixture.delete;
import static dev.holdfast.product.feed.FeedFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.testkit.StatementCut;
import dev.holdfast.testkit.TestSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Whatever order messages come in, however often, over whichever partitions, and wherever a worker dies: the catalogue
 * is the fold by highest version, and every message is accounted for.
 *
 * <p>A case deals random messages of a few products to three partitions, each of them to any, and lets workers take
 * batches of random size in random turns. Connections are cut before or after random statements; the worker then is a
 * new one, which claims the partition and asks where it stands. Old owners try to go on as if nothing had happened.
 */
class FeedPropertyTest {
    private static final int PARTITIONS = 3;

    private static TestSchema schema;
    private static StatementCut line;
    private static FeedFixture feed;
    private static int cases;
    private static int cuts;

    @BeforeContainer
    static void open() throws IOException {
        schema = TestSchema.create();
        line = new StatementCut(schema.port());
        feed = new FeedFixture(schema, line.port());
    }

    @AfterContainer
    static void close() throws IOException {
        feed.close();
        line.close();
        assertThat(cuts).as("connections cut in %d cases", cases).isGreaterThan(cases / 10);
    }

    /**
     * A message, before its case gives it a topic and its product a name of its own. What a version says is the same
     * each time it is drawn, and the same as what some other versions say.
     *
     * @param product its number; negative for bytes that are no message
     */
    record Draw(int product, int version) {
        String message(String prefix) {
            String sku = prefix + product;
            if (product < 0) {
                return "not a message";
            }
            return deletes() ? delete("acme", sku, version) : upsert("acme", sku, version, name());
        }

        boolean deletes() {
            return (product + version) % 5 == 0;
        }

        String name() {
            return "name " + version / 2 % 3;
        }
    }

    @Provide
    Arbitrary<Draw> draws() {
        Arbitrary<Integer> products = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(15, Arbitraries.integers().between(0, 4)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(-1)));
        return Combinators.combine(products, Arbitraries.integers().between(1, 12))
                .as(Draw::new);
    }

    @Provide
    Arbitrary<List<Draw>> streams() {
        return draws().list().ofMinSize(1).ofMaxSize(40);
    }

    @Property(tries = 1000)
    void endsAsTheFoldByHighestVersion(@ForAll("streams") List<Draw> stream, @ForAll Random random) {
        String name = "c" + cases++;
        String prefix = name + "-";
        List<List<Draw>> partitions = deal(stream, random);

        take(name, prefix, partitions, random);

        assertThat(feed.query("""
                SELECT sku, src_version, state, CASE state WHEN 'live' THEN name END FROM product
                 WHERE sku LIKE '%s%%' ORDER BY sku
                """.formatted(prefix))).isEqualTo(fold(prefix, stream));
        for (int i = 0; i < PARTITIONS; i++) {
            FeedPartition partition = feed.partition(name, i);
            List<Draw> dealt = partitions.get(i);
            assertThat(partition.received()).isEqualTo(dealt.size());
            assertThat(partition.nextOffset()).isEqualTo(dealt.size());
            assertThat(partition.quarantined())
                    .isEqualTo(dealt.stream().filter(draw -> draw.product() < 0).count());
            assertThat(partition.waiting()).isZero();
        }
        assertThat(feed.query("""
                SELECT p.sku FROM product p
                  LEFT JOIN (SELECT aggregate_id, count(*) AS events, max(aggregate_version) AS newest
                               FROM outbox GROUP BY 1) o ON o.aggregate_id = 'acme:' || p.sku
                  LEFT JOIN (SELECT sku, count(*) AS replaced, max(row_version) AS newest
                               FROM product_history GROUP BY 1) h USING (sku)
                 WHERE p.sku LIKE '%s%%'
                   AND (o.events, o.newest, coalesce(h.replaced, 0), coalesce(h.newest, 0))
                       IS DISTINCT FROM (p.row_version, p.row_version, p.row_version - 1, p.row_version - 1)
                """.formatted(prefix)))
                .as("products whose events or history are not one for each change")
                .isEmpty();
        feed.schema.execute("DELETE FROM outbox; DELETE FROM product_history");
    }

    private static List<List<Draw>> deal(List<Draw> stream, Random random) {
        List<List<Draw>> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(i -> (List<Draw>) new ArrayList<Draw>())
                .toList();
        stream.forEach(draw -> partitions.get(random.nextInt(PARTITIONS)).add(draw));
        return partitions;
    }

    private static List<String> fold(String prefix, List<Draw> stream) {
        Map<Integer, Draw> newest = new TreeMap<>(stream.stream()
                .filter(draw -> draw.product() >= 0)
                .collect(Collectors.toMap(
                        Draw::product,
                        draw -> draw,
                        (a, b) -> Comparator.comparingInt(Draw::version).compare(a, b) >= 0 ? a : b)));
        return newest.values().stream()
                .map(draw -> "%s%d %d %s %s"
                        .formatted(
                                prefix,
                                draw.product(),
                                draw.version(),
                                draw.deletes() ? "deleted" : "live",
                                draw.deletes() ? null : draw.name()))
                .toList();
    }

    private static void take(String topic, String prefix, List<List<Draw>> partitions, Random random) {
        var workers = new HashMap<Integer, Worker>();
        List<Integer> unfinished =
                new ArrayList<>(IntStream.range(0, PARTITIONS).boxed().toList());
        while (!unfinished.isEmpty()) {
            int partition = unfinished.get(random.nextInt(unfinished.size()));
            Worker worker = workers.computeIfAbsent(partition, i -> new Worker(new TopicPartition(topic, i)));
            if (random.nextInt(4) == 0) {
                line.arm(
                        1 + random.nextInt(4),
                        random.nextBoolean() ? StatementCut.Side.BEFORE : StatementCut.Side.AFTER);
            }
            if (worker.step(partitions.get(partition), prefix, 1 + random.nextInt(12))) {
                unfinished.remove(Integer.valueOf(partition));
            }
            line.disarm();
        }
    }

    /** What an instance knows of a partition; all of it is forgotten when it dies. */
    private static final class Worker {
        private final TopicPartition partition;
        private @Nullable Claim claim;
        private @Nullable Claim earlier;
        private long next;

        Worker(TopicPartition partition) {
            this.partition = partition;
        }

        /** @return whether everything is taken */
        boolean step(List<Draw> dealt, String prefix, int size) {
            try {
                Claim held = claimed();
                List<String> batch = dealt.subList((int) next, (int) Math.min(dealt.size(), next + size)).stream()
                        .map(draw -> draw.message(prefix))
                        .toList();
                if (!batch.isEmpty()) {
                    feed.apply(held, next, batch);
                    next += batch.size();
                    zombieChangesNothing(batch);
                }
                return next == dealt.size();
            } catch (FencedOffException | io.vertx.core.VertxException died) {
                return dies();
            } catch (RuntimeException died) {
                if (FailureClass.of(died) != FailureClass.PAUSE) {
                    throw died;
                }
                return dies();
            }
        }

        private boolean dies() {
            cuts++;
            earlier = claim;
            claim = null;
            return false;
        }

        private Claim claimed() {
            if (claim == null) {
                PartitionStore.Claimed claimed = await(PartitionStore.claim(feed.pool, partition));
                claim = claimed.claim();
                next = claimed.nextOffset();
            }
            return claim;
        }

        private void zombieChangesNothing(List<String> batch) {
            if (earlier != null) {
                Claim old = earlier;
                earlier = null;
                try {
                    feed.apply(old, next, batch);
                    throw new AssertionError("An owner with an old claim got through: " + old);
                } catch (FencedOffException expected) {
                    // as it must be
                }
            }
        }
    }
}
