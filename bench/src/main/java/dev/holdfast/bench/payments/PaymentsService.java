package dev.holdfast.bench.payments;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.ServiceProcess;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

/** The packaged service with 10,000 accounts without a limit, reached over HTTP and over its topic. */
final class PaymentsService implements AutoCloseable {
    static final int ACCOUNTS = 10_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();
    private static final String TOPIC = "payment.commands";

    private final Servers servers;
    private final Schema schema;
    private final JavaProcess process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String token = new Token("bench", List.of("operator")).signed(Instant.now());

    private PaymentsService(Servers servers, Schema schema, JavaProcess process, int port) {
        this.servers = servers;
        this.schema = schema;
        this.process = process;
        this.port = port;
    }

    static PaymentsService start(Servers servers) throws Exception {
        Schema schema = Schema.empty(servers, "payments");
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var service =
                new PaymentsService(servers, schema, ServiceProcess.start(servers, "payments", port, Map.of()), port);
        Awaitility.await().atMost(TIMEOUT).ignoreExceptions().until(() -> service.get("/q/health/ready") == 200);
        schema.execute("""
                INSERT INTO account (owner, name, currency, opening_key)
                SELECT 'bench', 'main', 'EUR', 'bench ' || n FROM generate_series(1, %d) AS n
                """.formatted(ACCOUNTS));
        return service;
    }

    Schema schema() {
        return schema;
    }

    static UUID id() {
        return IDS.generate();
    }

    private static String transfer(Crowd crowd, Random random) {
        long[] pair = crowd.pick(random);
        return "{\"id\":\"%s\",\"debitAccount\":%d,\"creditAccount\":%d,\"amountMinor\":%d,\"currency\":\"EUR\"}"
                .formatted(IDS.generate(), pair[0], pair[1], 1 + random.nextInt(100));
    }

    /** Batches sent by several clients at once, each the next when the last one is answered. */
    Run batches(Crowd crowd, int clients, int batchesEach, int size) throws Exception {
        var random = new Random(1);
        List<List<String>> bodies = IntStream.range(0, clients)
                .mapToObj(client -> IntStream.range(0, batchesEach)
                        .mapToObj(batch -> {
                            var items = new ArrayList<String>(size);
                            for (int i = 0; i < size; i++) {
                                items.add(transfer(crowd, random));
                            }
                            return "{\"transfers\":[" + String.join(",", items) + "]}";
                        })
                        .toList())
                .toList();
        long before = recorded();
        Stopwatch stopwatch = startStopwatch();
        inParallel(bodies, "/transfers/batch", 200);
        long count = (long) clients * batchesEach * size;
        Run run = stopwatch.stop(count);
        check(before + count);
        return run;
    }

    /** One transfer per request. */
    Run requests(Crowd crowd, int clients, int each) throws Exception {
        var random = new Random(2);
        List<List<String>> bodies = IntStream.range(0, clients)
                .mapToObj(client -> IntStream.range(0, each)
                        .mapToObj(i -> transfer(crowd, random))
                        .toList())
                .toList();
        long before = recorded();
        Stopwatch stopwatch = startStopwatch();
        inParallel(bodies, "/transfers", 201);
        long count = (long) clients * each;
        Run run = stopwatch.stop(count);
        check(before + count);
        return run;
    }

    /** The median of what one client waits for one transfer, alone; in milliseconds. */
    Run single(int count) throws Exception {
        var random = new Random(3);
        Crowd crowd = Crowd.uniform(ACCOUNTS);
        List<String> bodies =
                IntStream.range(0, count).mapToObj(i -> transfer(crowd, random)).toList();
        Stopwatch stopwatch = startStopwatch();
        List<Long> nanos = new ArrayList<>();
        for (String body : bodies) {
            long start = System.nanoTime();
            post("/transfers", body, 201);
            nanos.add(System.nanoTime() - start);
        }
        return stopwatch.stop(count).withValue(medianMs(nanos));
    }

    static double medianMs(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
    }

    /** Commands that are published as fast as they go, until all are recorded. */
    Run commands(Crowd crowd, int count) throws Exception {
        var random = new Random(4);
        List<byte[]> commands = IntStream.range(0, count)
                .mapToObj(i -> transfer(crowd, random).getBytes(StandardCharsets.UTF_8))
                .toList();
        long before = recorded();
        Stopwatch stopwatch = startStopwatch();
        try (var producer = servers.kafka().producer()) {
            for (int i = 0; i < count; i++) {
                var _ = producer.send(new ProducerRecord<>(TOPIC, Integer.toString(i), commands.get(i)));
            }
            producer.flush();
        }
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(TIMEOUT)
                .until(() -> recorded() >= before + count);
        Run run = stopwatch.stop(count);
        check(before + count);
        return run;
    }

    /** What a transfer has added to tables and indexes, history and idempotency included; events not, which leave. */
    double bytesPerTransfer() throws SQLException {
        return (double) number("""
                SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c
                 WHERE c.relnamespace = 'payments'::regnamespace AND c.relname LIKE 'transfer_20%' AND c.relkind = 'r'
                """) / recorded();
    }

    /** Once the events of what came before have been sent, so that each part pays for its own. */
    private Stopwatch startStopwatch() throws SQLException {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(TIMEOUT)
                .until(() -> number("SELECT count(*) FROM (SELECT FROM payments.outbox LIMIT 1) AS due") == 0);
        return servers.startStopwatch();
    }

    private long recorded() throws SQLException {
        return number("SELECT count(*) FROM payments.transfer");
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = schema.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** All of them, each on both sides. */
    private void check(long transfers) throws SQLException {
        long accepted = number("SELECT count(debit_seq) FROM payments.transfer");
        long sum = number("SELECT sum(credits_posted - debits_posted)::bigint FROM payments.account");
        long entries = number("SELECT sum(entries)::bigint FROM payments.account");
        if (accepted != transfers || sum != 0 || entries != 2 * transfers) {
            throw new IllegalStateException("%d transfers are there instead of %d, with %d entries and a sum of %d"
                    .formatted(accepted, transfers, entries, sum));
        }
    }

    private void inParallel(List<List<String>> bodies, String path, int status)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (List<String> own : bodies) {
                running.add(threads.submit(() -> {
                    for (String body : own) {
                        post(path, body, status);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void post(String path, String body, int expected) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != expected) {
            throw new IllegalStateException("%s answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
        }
    }

    private int get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Override
    public void close() {
        http.close();
        ServiceProcess.stop(process);
    }
}
