package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Addresses change while everything falls over: what was acknowledged is there once, in a history without gaps, all of it in the
 * tree; and an answer that was said to be final is the same afterwards.
 */
class AddressHistoryTest {
    private static final int USERS = 8;
    private static final int WRITERS = 16;
    private static final int READERS = 2;
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a writer was told. */
    private record Acknowledged(String user, long version, String key) {}

    /** What a reader was told, and that it would stay so. */
    private record Final(String user, String asOf, String address, long version) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String token = new Token("chaos", List.of("operator", "auditor")).signed(Instant.now());
    private final Map<String, Acknowledged> acknowledged = new ConcurrentHashMap<>();
    private final Queue<Final> finals = new ConcurrentLinkedQueue<>();
    private final List<String> users = new ArrayList<>();
    private volatile boolean ended;

    @Test
    void whatWasAcknowledgedIsThereOnceAndWhatWasFinalStays() throws Exception {
        try (var cluster = new Cluster("user-audit");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            cluster.startService();
            int port = cluster.service().port();
            for (int i = 0; i < USERS; i++) {
                String body = "{\"fullName\":\"User %d\",\"email\":\"u%d@example.org\"}".formatted(i, i);
                users.add(JSON.readTree(
                                send(port, "POST", "/users", body, key(), null).body())
                        .get("id")
                        .asText());
            }

            // When
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                running.add(threads.submit(() -> write(port)));
            }
            for (int i = 0; i < READERS; i++) {
                running.add(threads.submit(() -> read(port)));
            }
            Instant copied;
            Path backup;
            try {
                cluster.fallOver(() -> awaitAcknowledged(200));
                awaitAcknowledged(200);
                copied = Instant.now();
                backup = cluster.backUp();
                awaitAcknowledged(200);
            } finally {
                ended = true;
            }
            for (Future<?> one : running) {
                one.get();
            }

            // Then
            assertEachIsThereOnce(port);
            assertAllIsSealed(port, cluster, acknowledged.size());
            assertFinalAnswersStay(port, Instant.MAX);
            Expectations.assertEveryEventArrivesInOrder(
                    cluster,
                    new TestKafka(cluster.kafka()),
                    "audit",
                    "user.events",
                    "SELECT user_id::text, told FROM audit.email_current");

            // And when the copy takes its place, what was final by then is so still
            cluster.restore(backup);
            cluster.service().kill();
            cluster.startService();
            assertFinalAnswersStay(port, copied);
            change(port, users.getFirst(), etag(port, users.getFirst()).orElseThrow());
            assertAllIsSealed(port, cluster, 1);
        }
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    /** Until so many more are told, so that whatever comes next happens in the midst of it. */
    private void awaitAcknowledged(int more) {
        int enough = acknowledged.size() + more;
        Awaitility.await().atMost(TIME).until(() -> acknowledged.size() >= enough);
    }

    private Void write(int port) throws InterruptedException {
        var random = ThreadLocalRandom.current();
        while (!ended) {
            try {
                String user = users.get(random.nextInt(USERS));
                Optional<String> seen = etag(port, user);
                if (seen.isPresent()) {
                    change(port, user, seen.get());
                }
            } catch (IOException unanswered) {
                // the next one will be
            }
        }
        return null;
    }

    /** Empty when there is no answer just now. */
    private Optional<String> etag(int port, String user) throws IOException, InterruptedException {
        HttpResponse<String> seen = send(port, "GET", "/users/%s/email?purpose=chaos".formatted(user), "", key(), null);
        return seen.statusCode() == 200 ? seen.headers().firstValue("ETag") : Optional.empty();
    }

    /** Sends the same until it is answered, as the README tells clients to. */
    private void change(int port, String user, String seen) throws InterruptedException {
        String key = key();
        String body = "{\"address\":\"%s@example.org\"}".formatted(key);
        while (true) {
            try {
                HttpResponse<String> answer = send(port, "PUT", "/users/%s/email".formatted(user), body, key, seen);
                if (answer.statusCode() == 200) {
                    long version = JSON.readTree(answer.body()).get("version").asLong();
                    acknowledged.put(key, new Acknowledged(user, version, key));
                    return;
                } else if (answer.statusCode() == 412) {
                    return;
                }
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            } catch (IOException unanswered) {
                // nobody knows, so the same again
            }
            Thread.sleep(50);
        }
    }

    private Void read(int port) throws InterruptedException {
        var random = ThreadLocalRandom.current();
        while (!ended) {
            try {
                String user = users.get(random.nextInt(USERS));
                Instant moment = Instant.now().minusMillis(random.nextInt(2_000));
                JsonNode answer = ask(port, user, moment.toString());
                if (answer != null
                        && answer.has("version")
                        && !moment.isAfter(
                                Instant.parse(answer.get("stableUntil").asText()))) {
                    finals.add(new Final(
                            user,
                            moment.toString(),
                            answer.get("address").asText(),
                            answer.get("version").asLong()));
                }
            } catch (IOException unanswered) {
                // the next one will be
            }
            Thread.sleep(20);
        }
        return null;
    }

    private JsonNode ask(int port, String user, String asOf) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(port, "GET", "/users/%s/email?purpose=chaos&asOf=%s".formatted(user, asOf), "", key(), null);
        return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : null;
    }

    private void assertEachIsThereOnce(int port) throws IOException, InterruptedException {
        assertThat(acknowledged.values().stream().map(one -> one.user() + " " + one.version()))
                .as("one change per version")
                .doesNotHaveDuplicates();
        Map<String, Acknowledged> found = new ConcurrentHashMap<>();
        for (String user : users) {
            long version = 0;
            for (JsonNode event : history(port, user)) {
                version++;
                var one = new Acknowledged(
                        user,
                        event.get("version").asLong(),
                        event.get("eventId").asText());
                assertThat(one.version())
                        .as("no gap in the history of %s", user)
                        .isEqualTo(version);
                assertThat(found.put(one.key(), one)).isNull();
            }
        }
        assertThat(found).containsAllEntriesOf(acknowledged);
        // whoever gave up at the end may have changed something unheard; nobody else
        assertThat(found.size()).isBetween(acknowledged.size() + USERS, acknowledged.size() + USERS + WRITERS);
    }

    /** Page by page, what is packed by now and what is not. */
    private List<JsonNode> history(int port, String user) throws IOException, InterruptedException {
        var events = new ArrayList<JsonNode>();
        String from = "";
        while (from != null) {
            String path = "/users/%s/email/history?purpose=chaos&limit=500%s".formatted(user, from);
            JsonNode page =
                    JSON.readTree(send(port, "GET", path, "", key(), null).body());
            page.get("items").forEach(events::add);
            from = page.has("nextFrom") ? "&from=" + page.get("nextFrom").asText() : null;
        }
        return events;
    }

    private void assertAllIsSealed(int port, Cluster cluster, int atLeast) throws Exception {
        try (var connection = cluster.connect();
                var statement = connection.createStatement()) {
            Awaitility.await().atMost(TIME).until(() -> {
                try (var rows = statement.executeQuery("SELECT count(*) FROM audit.unsealed")) {
                    rows.next();
                    return rows.getLong(1) == 0;
                }
            });
        }
        JsonNode verified = JSON.readTree(
                send(port, "POST", "/proof/verifications", "", key(), null).body());
        assertThat(verified.get("verified").asBoolean()).as(verified.toString()).isTrue();
        assertThat(verified.get("leaves").asLong()).isGreaterThanOrEqualTo(atLeast);
    }

    private void assertFinalAnswersStay(int port, Instant before) throws IOException, InterruptedException {
        List<Final> checked = finals.stream()
                .filter(one -> Instant.parse(one.asOf()).isBefore(before))
                .toList();
        assertThat(checked.size()).isGreaterThan(50);
        for (Final one : checked) {
            JsonNode again = ask(port, one.user(), one.asOf());
            assertThat(again).isNotNull();
            assertThat(new Final(
                            one.user(),
                            one.asOf(),
                            again.get("address").asText(),
                            again.get("version").asLong()))
                    .isEqualTo(one);
        }
    }

    private HttpResponse<String> send(int port, String method, String path, String body, String key, String seen)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (seen != null) {
            request.header("If-Match", seen);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
