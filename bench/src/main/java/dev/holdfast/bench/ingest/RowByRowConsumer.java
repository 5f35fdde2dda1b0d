package dev.holdfast.bench.ingest;

import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Writes each message as it comes, each partition in a thread and on a connection of its own. */
final class RowByRowConsumer implements AutoCloseable {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    private RowByRowConsumer(int partitions) {
        threads = Executors.newFixedThreadPool(partitions);
    }

    static RowByRowConsumer start(Servers servers, Schema schema, String topic, int partitions) {
        var consumer = new RowByRowConsumer(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            var own = new TopicPartition(topic, partition);
            consumer.running.add(consumer.threads.submit(() -> {
                consumer.consume(servers.bootstrapServers(), schema, own);
                return null;
            }));
        }
        return consumer;
    }

    private void consume(String bootstrapServers, Schema schema, TopicPartition partition)
            throws SQLException, IOException {
        try (var writer = new RowByRow(schema.connect());
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!stopped) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL_TIMEOUT)) {
                    writer.apply(message.value());
                }
            }
        }
    }

    /** Stops, and fails if one of them did. */
    void check() throws ExecutionException, InterruptedException {
        stopped = true;
        for (Future<?> one : running) {
            one.get();
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.close();
    }
}
