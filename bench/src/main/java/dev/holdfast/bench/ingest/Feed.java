package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Scale;
import dev.holdfast.testkit.TestKafka;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * What both sides apply: the same kinds of message about other products first, to warm up, then those that count.
 * Products never seen come first, then a newer version of each with other content, then one older than both.
 *
 * @param partitions of its topic; a product's messages are in one
 */
record Feed(int partitions, List<Part> warmUp, List<Part> counted) {
    /** With fewer, much of the CPU time of the counted ones goes to the JIT compiler. */
    private static final int WARM_UP_PRODUCTS = Scale.of(200_000);

    private static final int PRODUCTS = Scale.of(200_000);
    private static final long STALE = 1;
    private static final long NEW = 2;
    private static final long NEWER = 3;

    /** New ones, updates, stale ones. */
    static Feed withStale(int partitions) {
        return of(partitions, NEW, NEWER, STALE);
    }

    /** New ones and updates. */
    static Feed withoutStale(int partitions) {
        return of(partitions, NEW, NEWER);
    }

    private static Feed of(int partitions, Long... versions) {
        return new Feed(
                partitions,
                Stream.of(versions)
                        .map(version -> new Part(PRODUCTS, WARM_UP_PRODUCTS, version))
                        .toList(),
                Stream.of(versions)
                        .map(version -> new Part(0, PRODUCTS, version))
                        .toList());
    }

    List<Part> parts() {
        return Stream.concat(warmUp.stream(), counted.stream()).toList();
    }

    static long count(List<Part> parts) {
        return parts.stream().mapToLong(Part::count).sum();
    }

    /** How the catalogue must end, by key. */
    Map<String, Item> fold() {
        Map<String, Item> newest = new HashMap<>();
        parts().stream()
                .flatMap(Part::items)
                .forEach(item -> newest.merge(item.key(), item, (a, b) -> a.version() > b.version() ? a : b));
        return newest;
    }

    /** How many messages are of this kind, in all parts. */
    private long messagesOf(long version) {
        return count(parts().stream().filter(part -> part.version() == version).toList());
    }

    long updates() {
        return messagesOf(NEWER);
    }

    long changes() {
        return count(parts()) - stale();
    }

    long stale() {
        return messagesOf(STALE);
    }

    /** Returns when Kafka has acknowledged everything. */
    void publish(TestKafka kafka, String topic) throws ExecutionException, InterruptedException {
        publish(kafka, topic, Item::json);
    }

    /** @param encoding of a message, as text */
    void publish(TestKafka kafka, String topic, Function<Item, String> encoding)
            throws ExecutionException, InterruptedException {
        publish(kafka, topic, partitions, parts().stream().flatMap(Part::items), encoding);
    }

    static void publish(
            TestKafka kafka, String topic, int partitions, Stream<Item> items, Function<Item, String> encoding)
            throws ExecutionException, InterruptedException {
        try (var producer = kafka.producer()) {
            List<Future<RecordMetadata>> sent = items.map(item -> producer.send(new ProducerRecord<>(
                            topic,
                            item.partition(partitions),
                            item.key(),
                            encoding.apply(item).getBytes(StandardCharsets.UTF_8))))
                    .toList();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }
}
