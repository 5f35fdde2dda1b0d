package dev.holdfast.bench.outbox;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The same work by {@code com.gruelbox:transactionoutbox-core}, in the best way it has: a backlog that nobody sent,
 * flushed in batches to a pool of threads. Each task sends one record and waits until it is acknowledged, since a task
 * that returns is done.
 */
final class GruelboxRelay {
    static final String PAYLOAD =
            "{\"transfer\":123456,\"from\":17,\"to\":42,\"amountMinor\":1999,\"currency\":\"EUR\",\"at\":\"2026-01-01T00:00:00Z\"}";

    private static final int TASKS_PER_TRANSACTION = 10;
    private static final int TASKS = TASKS_PER_TRANSACTION * Scale.of(800);
    private static final int FLUSH_BATCH = 1_000;
    private static final int THREADS = 8;
    private static final int PARTITIONS = 4;
    private static final int CONNECTIONS = 2 * THREADS + 2;
    private static final Duration ATTEMPT_FREQUENCY = Duration.ofMinutes(10);
    private static final long PAUSE_NS = Duration.ofMillis(2).toNanos();
    private static final long TIMEOUT_NS = Duration.ofMinutes(2).toNanos();

    private GruelboxRelay() {}

    /** What a task calls; the library records the call by a proxy of this. */
    public interface Sender {
        void send(String key, String payload) throws Exception;
    }

    static Run run(Servers servers) throws Exception {
        Schema schema = Schema.fresh(servers, "product", "db/platform");
        String topic = servers.kafka().freshTopic(PARTITIONS);
        var sent = new AtomicInteger();
        try (HikariDataSource dataSource = dataSource(schema);
                Producer<String, byte[]> producer = producer(servers);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            var transactions = TransactionManager.fromDataSource(dataSource);
            Sender sender = (key, payload) -> {
                producer.send(new ProducerRecord<>(topic, key, payload.getBytes(StandardCharsets.UTF_8)))
                        .get();
                sent.incrementAndGet();
            };
            schedule(outbox(transactions, sender, (entry, work) -> {}), transactions);
            schema.execute("UPDATE txno_outbox SET nextattempttime = now() - interval '1 hour'");
            TransactionOutbox relay = outbox(transactions, sender, Submitter.withExecutor(threads));

            Stopwatch stopwatch = servers.startStopwatch();
            long deadlineNs = System.nanoTime() + TIMEOUT_NS;
            while (sent.get() < TASKS) {
                if (!relay.flush()) {
                    LockSupport.parkNanos(PAUSE_NS); // all that is left is under way
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new IllegalStateException("Sent %d of %d in time".formatted(sent.get(), TASKS));
                }
            }
            return stopwatch.stop(TASKS);
        }
    }

    /** As if the process that wrote had died before it could send. */
    private static void schedule(TransactionOutbox outbox, ThreadLocalContextTransactionManager transactions) {
        for (int done = 0; done < TASKS; done += TASKS_PER_TRANSACTION) {
            transactions.inTransaction(transaction -> {
                for (int key = 0; key < TASKS_PER_TRANSACTION; key++) {
                    try {
                        outbox.schedule(Sender.class).send("account-" + key, PAYLOAD);
                    } catch (Exception impossible) {
                        throw new IllegalStateException("A proxy only takes the call down", impossible);
                    }
                }
            });
        }
    }

    private static TransactionOutbox outbox(TransactionManager transactions, Sender sender, Submitter submitter) {
        return TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> sender))
                .submitter(submitter)
                .flushBatchSize(FLUSH_BATCH)
                .attemptFrequency(ATTEMPT_FREQUENCY)
                .build();
    }

    private static HikariDataSource dataSource(Schema schema) {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:" + schema.url());
        config.setUsername(schema.owner()); // the library makes its own tables
        config.setPassword(schema.owner());
        config.setMaximumPoolSize(CONNECTIONS);
        return new HikariDataSource(config);
    }

    /** Its batching cannot help a task that waits, so it does not linger either. */
    private static Producer<String, byte[]> producer(Servers servers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new StringSerializer(),
                new ByteArraySerializer());
    }
}
