package dev.holdfast.product.feed;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators do: stop the feed and let it go on, read it again, see to what was refused, and answer questions. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class OperationsTest {
    private static final String TOPIC = "vendor.products";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Inject
    SnapshotSchedule snapshots;

    @Inject
    FeedSurveySchedule survey;

    private final TestKafka kafka = new TestKafka(TestServers.kafka());
    private final String sku = "O" + UUID.randomUUID().toString().substring(0, 12);

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth()
                .oauth2(new Token(subject, List.of(roles)).signed(Instant.now()))
                .contentType(ContentType.JSON);
    }

    private static RequestSpecification asOperator() {
        return as("someone", "operator");
    }

    private static String upsert(String vendor, String sku, long version, String name) {
        return "{\"vendor\":\"%s\",\"sku\":\"%s\",\"version\":%d,\"op\":\"upsert\",\"name\":\"%s\",\"price\":{\"amountMinor\":100,\"currency\":\"EUR\"}}"
                .formatted(vendor, sku, version, name);
    }

    private void publish(int partition, String message) {
        var sent = new ProducerRecord<>(TOPIC, partition, "acme:" + sku, message.getBytes(StandardCharsets.UTF_8));
        try (var producer = kafka.producer()) {
            assertThat(producer.send(sent)).succeedsWithin(TIMEOUT);
        }
    }

    private static ValidatableResponse act(int partition, String action, String body) {
        return asOperator()
                .body(body)
                .post("/feed/partitions/%s/%d/%s".formatted(TOPIC, partition, action))
                .then();
    }

    private static Map<String, Object> partition(int partition) {
        List<Map<String, Object>> partitions = asOperator()
                .get("/feed/partitions")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("$");
        return partitions.stream()
                .filter(one ->
                        one.get("topic").equals(TOPIC) && one.get("partition").equals(partition))
                .findFirst()
                .orElseThrow();
    }

    private static long number(Map<String, Object> partition, String counter) {
        return ((Number) partition.get(counter)).longValue();
    }

    private static int status(String id) {
        return asOperator().get("/products/" + id).statusCode();
    }

    private static void awaitProduct(String id) {
        Awaitility.await().atMost(TIMEOUT).until(() -> status(id) == 200);
    }

    private List<String> rows(String sql) {
        return pool.query(sql).execute().await().atMost(TIMEOUT).stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void theLongestStatementsAreNotPlannedAnewEachTime() {
        // Given one that the client would not prepare by default
        String statement = "SELECT 1 -- " + "long ".repeat(1_000);

        // When
        long plans = pool.withConnection(connection -> connection
                        .preparedQuery(statement)
                        .execute()
                        .chain(() -> connection.preparedQuery(statement).execute())
                        .chain(() -> connection
                                .preparedQuery(
                                        "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement = $1")
                                .execute(Tuple.of(statement))))
                .await()
                .atMost(TIMEOUT)
                .iterator()
                .next()
                .getLong(0);

        // Then
        assertThat(plans).isEqualTo(2);
    }

    @Test
    void aPausedPartitionTakesNothingWhileTheOthersGoOn() {
        // Given
        publish(0, upsert("acme", sku + "-0a", 1, "before"));
        awaitProduct("acme:" + sku + "-0a");
        act(0, "pause", "{\"reason\": \"the vendor sends nonsense\"}")
                .statusCode(200)
                .body("pausedReason", equalTo("paused by someone: the vendor sends nonsense"));
        long stood = number(partition(0), "nextOffset");

        // When
        publish(0, upsert("acme", sku + "-0b", 1, "while paused"));
        publish(1, upsert("acme", sku + "-1", 1, "elsewhere"));
        awaitProduct("acme:" + sku + "-1");

        // Then
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(TIMEOUT)
                .until(() -> number(partition(0), "nextOffset") == stood);
        assertThat(status("acme:" + sku + "-0b")).isEqualTo(404);

        // And it goes on where it stood
        act(0, "resume", "{}").statusCode(200).body("pausedReason", nullValue());
        awaitProduct("acme:" + sku + "-0b");
        act(0, "resume", "{}").statusCode(409).body("detail", containsString("not paused"));
        asOperator()
                .get("/feed/partitions/%s/0/actions?limit=2".formatted(TOPIC))
                .then()
                .statusCode(200)
                .body("items.action", equalTo(List.of("resumed", "paused")))
                .body("items.subject", everyItem(equalTo("someone")))
                .body("items[1].reason", equalTo("the vendor sends nonsense"));
    }

    @Test
    void readingAPartitionAgainFromTheStartChangesNothing() {
        // Given
        publish(2, upsert("acme", sku, 1, "one"));
        publish(2, upsert("acme", sku, 3, "three"));
        publish(2, upsert("acme", sku, 2, "late"));
        publish(2, upsert("acme", sku, 3, "three"));
        publish(2, upsert("acme", sku, 4, "three"));
        publish(2, upsert("acme", sku + "-last", 1, "last"));
        awaitProduct("acme:" + sku + "-last");
        String product = "SELECT to_jsonb(p)::text FROM product p WHERE sku LIKE '%s%%' ORDER BY sku".formatted(sku);
        String history =
                "SELECT to_jsonb(h)::text FROM product_history h WHERE sku = '%s' ORDER BY row_version".formatted(sku);
        String receipts =
                "SELECT to_jsonb(r)::text FROM receipt r WHERE sku = '%s' ORDER BY src_version".formatted(sku);
        List<String> products = rows(product);
        List<String> histories = rows(history);
        List<String> receiptsBefore = rows(receipts);
        assertThat(products).hasSize(2);
        assertThat(histories).hasSize(1);
        Map<String, Object> before = partition(2);
        long stood = number(before, "nextOffset");

        // When nothing new arrives, either
        act(2, "rewind", "{\"offset\": 0, \"reason\": \"after a restore\"}")
                .statusCode(200)
                .body("nextOffset", equalTo(0))
                .body("rewound", greaterThan(0));

        // Then
        Awaitility.await().atMost(TIMEOUT).until(() -> number(partition(2), "nextOffset") == stood);
        Map<String, Object> after = partition(2);
        assertThat(number(after, "rewound")).isEqualTo(number(before, "rewound") + stood);
        assertThat(number(after, "applied")).isEqualTo(number(before, "applied"));
        assertThat(number(after, "unchanged")).isEqualTo(number(before, "unchanged"));
        assertThat(number(after, "received") - number(before, "received"))
                .isGreaterThanOrEqualTo(6)
                .isEqualTo(number(after, "stale")
                        + number(after, "duplicate")
                        + number(after, "quarantined")
                        - number(before, "stale")
                        - number(before, "duplicate")
                        - number(before, "quarantined"));
        assertThat(rows(product)).isEqualTo(products);
        assertThat(rows(history)).isEqualTo(histories);
        assertThat(rows(receipts)).isEqualTo(receiptsBefore);
        assertThat(kafka.readAll("product.events").stream()
                        .filter(event -> event.key().equals("acme:" + sku)))
                .hasSize(2);
    }

    @Test
    void aPartitionThatIsNotThereOrNotThatFarIsTold() {
        publish(3, upsert("acme", sku, 1, "one"));
        awaitProduct("acme:" + sku);

        act(99, "pause", "{\"reason\": \"why not\"}")
                .statusCode(404)
                .body("detail", containsString("GET /feed/partitions"));
        act(99, "resume", "{}").statusCode(404);
        act(99, "rewind", "{\"offset\": 0}").statusCode(404);
        act(3, "rewind", "{\"offset\": 1000000}").statusCode(422).body("detail", containsString("from 0 to"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    no reason        | pause  | {}                    | 422 | reason must be 1 to 500 characters
                    a blank reason   | pause  | {"reason": "  "}      | 422 | reason must be 1 to 500 characters
                    a number         | pause  | {"reason": 5}         | 400 | /reason has the wrong type
                    an unknown field | pause  | {"raeson": "x"}       | 400 | /raeson is not a field
                    not JSON         | pause  | reason                | 400 | not JSON
                    no offset        | rewind | {}                    | 422 | offset must be a whole number
                    below zero       | rewind | {"offset": -1}        | 422 | offset must be a whole number
                    a text           | rewind | {"offset": "0"}       | 400 | /offset has the wrong type
                    """)
    void badInputIsToldWhatToChange(String what, String action, String body, int status, String hint) {
        act(0, action, body)
                .statusCode(status)
                .contentType("application/problem+json")
                .body("detail", containsString(hint));
    }

    @Test
    void onlyOperatorsStopTheFeedOrSettleMessages() {
        for (String path : List.of(
                "/feed/partitions/vendor.products/0/pause",
                "/feed/partitions/vendor.products/0/resume",
                "/feed/partitions/vendor.products/0/rewind",
                "/quarantine/1/replay",
                "/quarantine/1/discard",
                "/quarantine/replay",
                "/snapshots/acme/1/apply",
                "/snapshots/acme/1/discard")) {
            as("acme", "vendor").body("{}").post(path).then().statusCode(403);
            given().contentType(ContentType.JSON).body("{}").post(path).then().statusCode(401);
        }
    }

    private long quarantined(String message) {
        publish(3, message);
        JsonPath[] page = new JsonPath[1];
        Awaitility.await().atMost(TIMEOUT).until(() -> {
            String cursor = null;
            do {
                var request = asOperator()
                        .queryParam("vendor", "acme")
                        .queryParam("state", "open")
                        .queryParam("limit", 200);
                page[0] = (cursor == null ? request : request.queryParam("cursor", cursor))
                        .get("/quarantine")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath();
                if (page[0].getList("items.sku").contains(sku)) {
                    return true;
                }
                cursor = page[0].getString("nextCursor");
            } while (cursor != null);
            return false;
        });
        return page[0].getLong("items.find { it.sku == '%s' }.id".formatted(sku));
    }

    @Test
    void aRefusedMessageIsCorrectedAndReplayedOnce() {
        // Given
        long id = quarantined(upsert("acme", sku, 1, ""));
        asOperator()
                .get("/quarantine/" + id)
                .then()
                .statusCode(200)
                .header("ETag", "\"0\"")
                .body("reason", equalTo("missing"))
                .body("original.text", equalTo(upsert("acme", sku, 1, "")))
                .body("original.base64", notNullValue())
                .body("state", equalTo("open"));
        asOperator()
                .body("{}")
                .post("/quarantine/%d/replay".formatted(id))
                .then()
                .statusCode(200)
                .body("outcome", equalTo("quarantined"))
                .body("state", equalTo("open"))
                .body("problem.errors.pointer", hasItem("/name"));

        // When
        String corrected = upsert("acme", sku, 1, "corrected");
        asOperator()
                .body(corrected)
                .put("/quarantine/" + id)
                .then()
                .statusCode(428)
                .body("detail", containsString("ETag"));
        asOperator()
                .header("If-Match", "\"3\"")
                .body(corrected)
                .put("/quarantine/" + id)
                .then()
                .statusCode(412)
                .body("detail", containsString("If-Match \"0\""));
        asOperator()
                .header("If-Match", "\"0\"")
                .body(upsert("acme", sku, 1, ""))
                .put("/quarantine/" + id)
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/name"));
        asOperator()
                .header("If-Match", "\"0\"")
                .queryParam("note", "a name")
                .body(corrected)
                .put("/quarantine/" + id)
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("edited.text", equalTo(corrected))
                .body("original.text", equalTo(upsert("acme", sku, 1, "")));
        asOperator()
                .body("{\"note\": \"now\"}")
                .post("/quarantine/%d/replay".formatted(id))
                .then()
                .statusCode(200)
                .body("outcome", equalTo("applied"));

        // Then
        asOperator().get("/products/acme:" + sku).then().statusCode(200).body("name", equalTo("corrected"));
        asOperator()
                .body("{}")
                .post("/quarantine/%d/replay".formatted(id))
                .then()
                .statusCode(409)
                .body("detail", containsString("replayed by 'someone'"));
        asOperator()
                .get("/quarantine/" + id)
                .then()
                .body("state", equalTo("replayed"))
                .body("trail.action", equalTo(List.of("replayed", "edited", "replayed")))
                .body("trail.outcome[2]", equalTo("applied"));
        as("acme", "vendor")
                .get("/receipts/acme/%s/1".formatted(sku))
                .then()
                .statusCode(200)
                .body("fates.outcome", equalTo(List.of("quarantined", "applied")))
                .body("fates[1].topic", equalTo(TOPIC))
                .body("fates[1].partition", equalTo(3));
    }

    @Test
    void aMessageIsGivenUpWithANote() {
        long id = quarantined(upsert("acme", sku, 1, ""));

        asOperator()
                .body("{}")
                .post("/quarantine/%d/discard".formatted(id))
                .then()
                .statusCode(422);
        asOperator()
                .body("{\"note\": \"a test\"}")
                .post("/quarantine/%d/discard".formatted(id))
                .then()
                .statusCode(200)
                .body("state", equalTo("discarded"))
                .body("settledBy", equalTo("someone"))
                .body("trail[0].note", equalTo("a test"));
        asOperator().get("/quarantine/999999999").then().statusCode(404);
        asOperator().get("/quarantine?state=lost").then().statusCode(400).body("detail", containsString("discarded"));
    }

    @Test
    void manyAreReplayedAtOncePageByPage() {
        // Given
        long id = quarantined(upsert("acme", sku, 1, ""));
        asOperator()
                .header("If-Match", "\"0\"")
                .body(upsert("acme", sku, 1, "corrected"))
                .put("/quarantine/" + id)
                .then()
                .statusCode(200);

        // When
        String cursor = null;
        int applied = 0;
        do {
            JsonPath answer = asOperator()
                    .body("{\"vendor\":\"acme\",\"reason\":\"missing\",\"limit\":1%s}"
                            .formatted(cursor == null ? "" : ",\"cursor\":\"%s\"".formatted(cursor)))
                    .post("/quarantine/replay")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            applied += answer.getInt("outcomes.applied ?: 0");
            cursor = answer.getString("nextCursor");
        } while (cursor != null);

        // Then
        assertThat(applied).isEqualTo(1);
        assertThat(status("acme:" + sku)).isEqualTo(200);
        asOperator()
                .get("/quarantine/summary?vendor=acme")
                .then()
                .statusCode(200)
                .body("find { it.reason == 'missing' }.replayed", greaterThan(0));
    }

    @Test
    void aVendorSeesItsOwnRefusedMessagesAndNoOthers() {
        long id = quarantined(upsert("acme", sku, 1, ""));

        as("acme", "vendor").get("/quarantine/" + id).then().statusCode(200);
        as("globex", "vendor").get("/quarantine/" + id).then().statusCode(404);
        as("acme", "vendor").get("/quarantine").then().statusCode(200).body("items.vendor", everyItem(equalTo("acme")));
        as("globex", "vendor").get("/quarantine?vendor=acme").then().statusCode(403);
        as("globex", "vendor").get("/quarantine/summary?vendor=acme").then().statusCode(403);
        as("reader").get("/quarantine").then().statusCode(403);
    }

    @Test
    void aReceiptIsForItsVendor() {
        asOperator()
                .body(upsert("acme", sku, 5, "five"))
                .post("/products")
                .then()
                .statusCode(200);

        as("acme", "vendor")
                .get("/receipts/acme/%s/5".formatted(sku))
                .then()
                .statusCode(200)
                .body("fates.outcome", equalTo(List.of("applied")))
                .body("fates[0].topic", nullValue());
        as("globex", "vendor").get("/receipts/acme/%s/5".formatted(sku)).then().statusCode(403);
        asOperator()
                .get("/receipts/acme/%s/4".formatted(sku))
                .then()
                .statusCode(404)
                .body("detail", containsString("has not been seen"));
        asOperator().get("/receipts/acme/%s/four".formatted(sku)).then().statusCode(400);
    }

    @Test
    void aSnapshotIsReportedAndHeldAndDiscarded() {
        // Given
        long number = System.currentTimeMillis();
        asOperator()
                .body(upsert("initech", sku + "-old", 1, "old"))
                .post("/products")
                .then()
                .statusCode(200);

        // When a dry run lists one new product
        String begin = "{\"vendor\":\"initech\",\"version\":%d,\"op\":\"snapshot-begin\"%s}";
        String end = "{\"vendor\":\"initech\",\"version\":%d,\"op\":\"snapshot-end\",\"items\":%d}";
        as("initech", "vendor")
                .body("[%s,%s,%s]"
                        .formatted(
                                end.formatted(number, 1),
                                upsert("initech", sku, 1, "new")
                                        .replace("\"op\":", "\"snapshot\":%d,\"op\":".formatted(number)),
                                begin.formatted(number, ",\"dryRun\":true")))
                .post("/products")
                .then()
                .statusCode(200)
                .body("outcome", everyItem(equalTo("applied")));

        // Then
        requireSnapshot(number, "reported");
        asOperator()
                .get("/snapshots/initech/%d/difference?limit=200&kind=added".formatted(number))
                .then()
                .statusCode(200)
                .body("items.id", equalTo(List.of("initech:" + sku)));
        asOperator()
                .get("/snapshots/initech/%d/difference?limit=200&kind=deleted".formatted(number))
                .then()
                .statusCode(200)
                .body("items.id", hasItem("initech:" + sku + "-old"));
        asOperator()
                .body("{}")
                .post("/snapshots/initech/%d/apply".formatted(number))
                .then()
                .statusCode(409)
                .body("detail", containsString("dry run"));

        // And one that lists nothing is held, since it would delete all
        asOperator()
                .body("[%s,%s]".formatted(begin.formatted(number + 1, ""), end.formatted(number + 1, 0)))
                .post("/products")
                .then()
                .statusCode(200);
        requireSnapshot(number + 1, "held");
        assertThat(status("initech:" + sku + "-old")).isEqualTo(200);
        asOperator()
                .body("{\"note\": \"half an export\"}")
                .post("/snapshots/initech/%d/discard".formatted(number + 1))
                .then()
                .statusCode(200)
                .body("status", equalTo("discarded"))
                .body("decidedBy", equalTo("someone"));
        as("initech", "vendor")
                .get("/snapshots/initech?limit=1")
                .then()
                .statusCode(200)
                .body("items.number", equalTo(List.of(number + 1)))
                .body("nextCursor", notNullValue());
        as("acme", "vendor").get("/snapshots/initech").then().statusCode(403);
        asOperator().get("/snapshots/initech/1").then().statusCode(404);
        assertThat(status("initech:" + sku + "-old")).isEqualTo(200);
    }

    private void requireSnapshot(long number, String status) {
        snapshots.look().await().atMost(TIMEOUT);
        asOperator().get("/snapshots/initech/" + number).then().statusCode(200).body("status", equalTo(status));
    }

    @Test
    void aVendorBeginsNoSnapshotOfAnother() {
        as("globex", "vendor")
                .body("{\"vendor\":\"acme\",\"version\":1,\"op\":\"snapshot-begin\"}")
                .post("/products")
                .then()
                .statusCode(403);
    }

    @Test
    void healthAndMetricsTellThatTheBooksAddUp() {
        survey.look().await().atMost(TIMEOUT);

        given().get("/q/health/well")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'Every message has one outcome' }.data.unaccounted", equalTo(0));
        given().get("/q/health/ready").then().statusCode(200);
        assertThat(given().get("/q/metrics").then().extract().asString())
                .contains("holdfast_feed_unaccounted 0.0")
                .contains("holdfast_feed_waiting{reason=\"gtin\"")
                .contains("holdfast_feed_quarantine_open ")
                .contains("holdfast_feed_paused ");
    }
}
