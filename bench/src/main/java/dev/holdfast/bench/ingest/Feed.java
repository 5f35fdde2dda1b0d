package dev.holdfast.bench.ingest;

import dev.holdfast.local.demo.FeedGenerator;
import dev.holdfast.local.demo.FeedRecord;
import dev.holdfast.local.demo.FeedSettings;
import dev.holdfast.testkit.TestKafka;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The messages that both sides apply: about other products first, to warm up, then those that count. A fifth of them are
 * duplicates, a fifth are overtaken by later ones.
 */
record Feed(List<FeedRecord> warmUp, List<FeedRecord> counted) {
    /** With fewer, half of the CPU time of the counted ones goes to the JIT compiler. */
    static final int WARM_UP = 300_000;

    static final int COUNTED = 200_000;
    static final int PARTITIONS = 4;

    private static final List<String> VENDORS = List.of("acme", "globex", "initech");

    /** A quarter on top makes a fifth of the whole; a few more, because chance decides how many there are. */
    private static final double DUPLICATES_PER_MESSAGE = 0.25;

    private static final double ORIGINALS_SHARE = 0.81;
    private static final double REORDERED_SHARE = 0.2;

    static Feed generate() {
        return new Feed(generate("warm", WARM_UP), generate("item", COUNTED));
    }

    private static List<FeedRecord> generate(String skuPrefix, int messages) {
        int originals = (int) (messages * ORIGINALS_SHARE);
        var settings = new FeedSettings(
                skuPrefix,
                VENDORS,
                originals / 2,
                originals - originals / 2,
                DUPLICATES_PER_MESSAGE,
                REORDERED_SHARE,
                0,
                messages);
        List<FeedRecord> feed = new FeedGenerator(settings).generate();
        if (feed.size() < messages) {
            throw new IllegalStateException("The feed has only %d messages of %d".formatted(feed.size(), messages));
        }
        return List.copyOf(feed.subList(0, messages));
    }

    static int partitionOf(FeedRecord message) {
        return Math.floorMod(message.key().hashCode(), PARTITIONS);
    }

    Stream<FeedRecord> all() {
        return Stream.concat(warmUp.stream(), counted.stream());
    }

    /** Returns when Kafka has acknowledged everything. */
    void publish(TestKafka kafka, String topic) throws ExecutionException, InterruptedException {
        try (var producer = kafka.producer()) {
            List<Future<RecordMetadata>> sent = all().map(message -> producer.send(
                            new ProducerRecord<>(topic, partitionOf(message), message.key(), message.bytes())))
                    .toList();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }
}
