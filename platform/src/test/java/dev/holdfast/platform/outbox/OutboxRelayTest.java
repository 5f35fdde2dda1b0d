package dev.holdfast.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.platform.lease.Lease;
import dev.holdfast.platform.lease.LeaseStore;
import dev.holdfast.platform.postgres.Retries;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class OutboxRelayTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private record Config(
            String source,
            boolean relayEnabled,
            int claimSize,
            Duration leaseDuration,
            Duration pollMin,
            Duration gather,
            Duration pollMax)
            implements OutboxConfig {
        static Config quick() {
            return new Config(
                    "/test",
                    true,
                    50,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(5),
                    Duration.ofMillis(20),
                    Duration.ofMillis(50));
        }
    }

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private TestSchema schema;
    private TestKafka kafka;
    private Pool pool;
    private Transactions transactions;
    private Producer<String, byte[]> producer;
    private final List<OutboxRelay> relays = new ArrayList<>();

    @BeforeEach
    void open(TestSchema schema, TestKafka kafka) {
        this.schema = Things.in(schema);
        this.kafka = kafka;
        pool = schema.openPool(20);
        transactions = new Transactions(pool, Retries.standard());
        producer = RelayProducer.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterEach
    void close() {
        relays.forEach(OutboxRelay::close);
        producer.close(Duration.ZERO);
        pool.closeAndForget();
    }

    @Test
    void sendsEveryEventInTheOrderOfItsAggregateWhileWritersAndRelaysCompete() throws Exception {
        // Given
        String topic = kafka.freshTopic(4);
        startRelay("one");
        startRelay("two");
        var outbox = new Outbox(() -> relays.forEach(OutboxRelay::wake));

        // When
        RaceGate.race(16, worker -> () -> {
                    for (int i = 0; i < 40; i++) {
                        String thing = "thing " + ThreadLocalRandom.current().nextInt(10);
                        await(transactions.inTransaction(tx -> Things.change(tx, outbox, topic, thing)));
                        outbox.wake();
                    }
                    return worker;
                })
                .assertWinners(16, worker -> true);

        // Then
        List<ConsumerRecord<String, byte[]>> sent =
                kafka.readUntil(topic, records -> records.size() >= 16 * 40, TIMEOUT);
        Map<String, List<Long>> versions = new LinkedHashMap<>();
        sent.forEach(event -> versions.computeIfAbsent(event.key(), key -> new ArrayList<>())
                .add(Long.parseLong(header(event, "ce_aggregateversion"))));
        assertThat(versions)
                .hasSize(10)
                .allSatisfy((thing, order) -> assertThat(order)
                        .isEqualTo(
                                LongStream.rangeClosed(1, order.size()).boxed().toList()));
    }

    @Test
    void tellsTheReceiverWhatWhenAndWhichVersion() {
        // Given
        String topic = kafka.freshTopic(1);
        OutboxEvent event = Things.event(topic, "thing", 7, "{\"colour\":\"blå\"}");
        append(event);

        // When
        startRelay("one");

        // Then
        ConsumerRecord<String, byte[]> sent =
                kafka.readUntil(topic, records -> records.size() == 1, TIMEOUT).getFirst();
        assertThat(sent.key()).isEqualTo("thing");
        assertThat(new String(sent.value(), StandardCharsets.UTF_8)).isEqualTo("{\"colour\":\"blå\"}");
        assertThat(header(sent, "ce_id")).isEqualTo(event.eventId().toString());
        assertThat(header(sent, "ce_type")).isEqualTo("thing.changed");
        assertThat(header(sent, "ce_source")).isEqualTo("/test");
        assertThat(header(sent, "ce_subject")).isEqualTo("thing");
        assertThat(header(sent, "ce_aggregateversion")).isEqualTo("7");
        assertThat(header(sent, "content-type")).isEqualTo("application/json");
    }

    @Test
    void parksTheAggregateOfARefusedEventAndNoOther() {
        // Given
        String topic = kafka.freshTopic(1, Map.of("max.message.bytes", "100000"));
        String incompressible = LongStream.range(0, 20_000)
                .mapToObj(i -> Long.toString(ThreadLocalRandom.current().nextLong(), 36))
                .reduce("", String::concat);
        append(
                Things.event(topic, "good", 1),
                Things.event(topic, "bad", 1, incompressible),
                Things.event(topic, "bad", 2),
                Things.event(topic, "good", 2));

        // When
        startRelay("one");

        // Then
        Awaitility.await().atMost(TIMEOUT).until(() -> waiting().equals(List.of("bad 1", "bad 2")));
        assertThat(kafka.readAll(topic).stream()
                        .filter(sent -> sent.key().equals("good"))
                        .map(sent -> header(sent, "ce_aggregateversion")))
                .containsExactly("1", "2");
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() ->
                        assertThat(List.of(gauge("waiting"), gauge("parked"))).containsExactly(2.0, 1.0));

        // When somebody mends it
        schema.execute("UPDATE outbox SET payload = '{}' WHERE aggregate_id = 'bad'; DELETE FROM outbox_parked");

        // Then
        Awaitility.await().atMost(TIMEOUT).until(() -> waiting().isEmpty());
        assertThat(kafka.readAll(topic).stream()
                        .filter(sent -> sent.key().equals("bad"))
                        .map(sent -> header(sent, "ce_aggregateversion")))
                .endsWith("1", "2");
    }

    @Test
    void aReplacedHolderDeletesNothingAndItsSuccessorSendsAgain() throws Exception {
        // Given a holder that sends and is replaced before it can delete
        String topic = kafka.freshTopic(1);
        append(Things.event(topic, "thing", 1));
        int shard = shardOf("thing");
        Lease replaced = await(LeaseStore.acquire(pool, "outbox-" + shard, "slow", Duration.ofMillis(1)))
                .orElseThrow();
        var store = new OutboxStore(pool);
        Delivery delivery = new EventSender(producer, URI.create("/test")).send(await(store.claim(shard, 10)));
        startRelay("successor");
        kafka.readUntil(topic, records -> records.size() == 2, TIMEOUT);

        // When
        append(Things.event(topic, "thing", 2));

        // Then
        assertThatThrownBy(() -> await(store.settle(replaced, shard, delivery)))
                .hasRootCauseInstanceOf(FencedOffException.class);
        assertThat(kafka.readUntil(topic, records -> records.size() == 3, TIMEOUT).stream()
                        .map(sent -> header(sent, "ce_aggregateversion")))
                .containsExactly("1", "1", "2");
    }

    @Test
    void anInterruptionKeepsWhatIsBehindIt() {
        // Given
        String topic = kafka.freshTopic(1);
        append(Things.event("no-such-topic", "lost?", 1), Things.event(topic, "thing", 1));

        // When
        startRelay("one");

        // Then
        kafka.readUntil(topic, records -> records.size() == 1, TIMEOUT);
        assertThat(waiting()).containsExactly("lost? 1");
    }

    @Test
    void goesOnWithItsLeaseWhenTheDatabaseComesBack() {
        // Given
        String topic = kafka.freshTopic(1);
        startRelay("one");
        append(Things.event(topic, "thing", 1));
        kafka.readUntil(topic, records -> records.size() == 1, TIMEOUT);

        // When every connection is lost, and the lease is not
        schema.executeAsAdmin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE usename = 'todo_app' AND pid <> pg_backend_pid()");
        Awaitility.await()
                .atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(waiting()).isEmpty());
        append(Things.event(topic, "thing", 2));

        // Then
        kafka.readUntil(topic, records -> records.size() == 2, TIMEOUT);
    }

    private void startRelay(String holder) {
        var relay = new OutboxRelay(pool, producer, Config.quick(), holder, meters, Clock.systemUTC());
        relay.start();
        relays.add(relay);
    }

    private double gauge(String name) {
        return meters.get("holdfast.outbox." + name).gauge().value();
    }

    private void append(OutboxEvent... events) {
        await(transactions.inTransaction(tx -> new Outbox(() -> {}).append(tx, List.of(events))));
    }

    private List<String> waiting() {
        return await(pool.query("SELECT aggregate_id || ' ' || aggregate_version FROM outbox ORDER BY id")
                .execute()
                .map(rows -> rows.stream().map(row -> row.getString(0)).toList()));
    }

    private int shardOf(String aggregateId) {
        return await(pool.query("SELECT hashtext('%s') & 7".formatted(aggregateId))
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0)));
    }

    private static String header(ConsumerRecord<String, byte[]> event, String name) {
        return new String(
                Optional.ofNullable(event.headers().lastHeader(name))
                        .orElseThrow()
                        .value(),
                StandardCharsets.UTF_8);
    }

    private static <T> T await(Uni<T> uni) throws CompletionException {
        return uni.subscribeAsCompletionStage().join();
    }
}
