package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.uuid.Generators;
import dev.holdfast.local.tool.Token;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The bank test of <a href="https://jepsen.io">Jepsen</a>: money moves between accounts while everything falls over, and no
 * reader ever sees a sum that is not what it was in the beginning.
 */
class BankTest {
    private static final int ACCOUNTS = 10;
    private static final int WRITERS = 16;
    private static final int READERS = 4;
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final long BALANCE = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a writer was told in the end. */
    private record Answer(int status, long from, long to, long amount) {
        boolean isAccepted() {
            return status < 300;
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String token = new Token("a bank", List.of("operator")).signed(Instant.now());
    private final Map<UUID, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger snapshots = new AtomicInteger();
    private final List<Long> accounts = new ArrayList<>();
    private volatile boolean ended;

    @Test
    void noMoneyIsMadeOrLostWhileEverythingFallsOver() throws Exception {
        try (var cluster = new Cluster("payments");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            cluster.startService();
            int port = cluster.service().port();
            long world = open(port, "{\"currency\":\"EUR\",\"withoutLimit\":true}");
            for (int i = 0; i < ACCOUNTS; i++) {
                long account = open(port, "{\"currency\":\"EUR\"}");
                accounts.add(account);
                transfer(port, world, account, BALANCE);
            }

            // When
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                running.add(threads.submit(() -> write(port)));
            }
            for (int i = 0; i < READERS; i++) {
                running.add(threads.submit(() -> read(port)));
            }
            try {
                cluster.fallOver(() -> awaitAnswers(500));
                awaitAnswers(500);
            } finally {
                ended = true;
            }
            for (Future<?> one : running) {
                one.get();
            }

            // Then
            assertThat(snapshots.get()).isGreaterThan(100);
            assertThat(answers.size()).isGreaterThan(1_000);
            assertThat(answers.values().stream().filter(Answer::isAccepted).count())
                    .isGreaterThan(100);
            var books = new Ledgers(cluster);
            books.assertEachAnswerIsThereOnce();
            books.assertOneThreadWouldHaveAnsweredTheSame();
        }
    }

    /** Until so many more are told, so that whatever comes next happens in the midst of it. */
    private void awaitAnswers(int more) {
        int enough = answers.size() + more;
        Awaitility.await().atMost(TIME).until(() -> answers.size() >= enough);
    }

    private Void write(int port) throws InterruptedException {
        var random = ThreadLocalRandom.current();
        while (!ended) {
            long from = accounts.get(random.nextInt(ACCOUNTS));
            long to = accounts.get(random.nextInt(ACCOUNTS));
            if (from != to) {
                transfer(port, from, to, 1 + random.nextLong(BALANCE));
            }
        }
        return null;
    }

    /** Sends the same until it is answered, as the README tells clients to. */
    private void transfer(int port, long from, long to, long amount) throws InterruptedException {
        UUID id = Generators.timeBasedEpochGenerator().generate();
        String body = """
                {"id":"%s","debitAccount":%d,"creditAccount":%d,"amountMinor":%d,"currency":"EUR"}
                """.formatted(id, from, to, amount);
        while (true) {
            try {
                int status = send(port, "POST", "/transfers", body).statusCode();
                if (status == 200 || status == 201 || status == 409) {
                    answers.put(id, new Answer(status, from, to, amount));
                    return;
                }
                assertThat(status).isEqualTo(503);
            } catch (IOException unanswered) {
                // nobody knows, so the same again
            }
            Thread.sleep(50);
        }
    }

    /** All accounts on one page are one snapshot. */
    private Void read(int port) throws InterruptedException {
        while (!ended) {
            try {
                HttpResponse<String> page = send(port, "GET", "/accounts?limit=200", "");
                if (page.statusCode() == 200) {
                    long sum = 0;
                    for (JsonNode account : JSON.readTree(page.body()).get("items")) {
                        sum += account.get("balanceMinor").asLong();
                    }
                    assertThat(sum).as(page.body()).isZero();
                    snapshots.incrementAndGet();
                }
            } catch (IOException unanswered) {
                // the next one will be
            }
            Thread.sleep(20);
        }
        return null;
    }

    private long open(int port, String body) throws IOException, InterruptedException {
        return JSON.readTree(send(port, "POST", "/accounts", body).body())
                .get("id")
                .asLong();
    }

    private HttpResponse<String> send(int port, String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The books, read by someone who has nothing to do with the service. */
    private final class Ledgers {
        private record Row(
                UUID id, long from, long to, long amount, Long fromNumber, Long toNumber, Long left, Long arrived) {}

        private record Refusal(long account, long position, long available, long needed) {}

        private final List<Row> rows = new ArrayList<>();
        private final Map<UUID, Refusal> refusals = new ConcurrentHashMap<>();

        Ledgers(Cluster cluster) throws Exception {
            try (var connection = cluster.connect();
                    var statement = connection.createStatement()) {
                try (var found = statement.executeQuery("SELECT * FROM payments.transfer ORDER BY recorded_at")) {
                    while (found.next()) {
                        rows.add(new Row(
                                found.getObject("id", UUID.class),
                                found.getLong("debit_account"),
                                found.getLong("credit_account"),
                                found.getLong("amount"),
                                found.getObject("debit_seq", Long.class),
                                found.getObject("credit_seq", Long.class),
                                found.getObject("debit_balance", Long.class),
                                found.getObject("credit_balance", Long.class)));
                    }
                }
                try (var found = statement.executeQuery("SELECT * FROM payments.refusal")) {
                    while (found.next()) {
                        refusals.put(
                                found.getObject("id", UUID.class),
                                new Refusal(
                                        found.getLong("account"),
                                        found.getLong("position"),
                                        found.getLong("available"),
                                        found.getLong("needed")));
                    }
                }
            }
        }

        void assertEachAnswerIsThereOnce() {
            assertThat(rows.stream().map(Row::id)).doesNotHaveDuplicates();
            assertThat(rows.stream().map(Row::id)).containsExactlyInAnyOrderElementsOf(answers.keySet());
            assertThat(rows).allSatisfy(row -> {
                Answer answer = answers.get(row.id());
                assertThat(row.fromNumber() != null).isEqualTo(answer.isAccepted());
                assertThat(List.of(row.from(), row.to(), row.amount()))
                        .containsExactly(answer.from(), answer.to(), answer.amount());
            });
        }

        /** Follows the numbers of the entries, account by account; whoever was refused is asked where it says it was. */
        void assertOneThreadWouldHaveAnsweredTheSame() {
            var balances = new ConcurrentHashMap<Long, List<Long>>();
            List<Row> waiting = new ArrayList<>(
                    rows.stream().filter(row -> row.fromNumber() != null).toList());
            while (!waiting.isEmpty()) {
                int before = waiting.size();
                waiting.removeIf(row -> follows(row, balances));
                assertThat(waiting.size()).as("entries without a gap").isLessThan(before);
            }
            refusals.forEach((id, refusal) -> {
                long balance = balances.get(refusal.account()).get((int) refusal.position());
                assertThat(refusal.available()).isEqualTo(balance);
                assertThat(refusal.needed()).isGreaterThan(balance);
            });
        }

        private boolean follows(Row row, Map<Long, List<Long>> balances) {
            List<Long> from = balances.computeIfAbsent(row.from(), account -> new ArrayList<>(List.of(0L)));
            List<Long> to = balances.computeIfAbsent(row.to(), account -> new ArrayList<>(List.of(0L)));
            if (from.size() != row.fromNumber() || to.size() != row.toNumber()) {
                return false;
            }
            long left = from.getLast() - row.amount();
            long arrived = to.getLast() + row.amount();
            assertThat(List.of(row.left(), row.arrived())).containsExactly(left, arrived);
            assertThat(left >= 0 || !accounts.contains(row.from())).isTrue();
            from.add(left);
            to.add(arrived);
            return true;
        }
    }
}
