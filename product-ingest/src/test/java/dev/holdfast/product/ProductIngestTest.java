package dev.holdfast.product;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service as its callers meet it: HTTP in front, the real topic behind. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class ProductIngestTest {
    private static final String TOPIC = "vendor.products";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TestKafka kafka = new TestKafka(TestServers.kafka());
    private final String sku = "T" + UUID.randomUUID().toString().substring(0, 12);

    private static String token(String subject, String... roles) {
        return new Token(subject, List.of(roles)).signed(Instant.now());
    }

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth().oauth2(token(subject, roles)).contentType(ContentType.JSON);
    }

    private static RequestSpecification asOperator() {
        return as("someone", "operator");
    }

    private static String upsert(String vendor, String sku, long version) {
        return """
                {"vendor":"%s","sku":"%s","version":%d,"op":"upsert","name":"Lamp %d",
                 "price":{"amountMinor":%d,"currency":"EUR"},"attributes":{"watts":%d}}
                """.formatted(vendor, sku, version, version, version * 100, version);
    }

    @Test
    void aMessageOnTheTopicBecomesAProductAndAnEvent() {
        // When
        publish("acme:" + sku, upsert("acme", sku, 3));

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> asOperator().get("/products/acme:" + sku).statusCode() == 200);
        as("reader")
                .get("/products/acme:" + sku)
                .then()
                .statusCode(200)
                .body("id", equalTo("acme:" + sku))
                .body("version", equalTo(3))
                .body("name", equalTo("Lamp 3"))
                .body("price.amountMinor", equalTo(300))
                .body("attributes.watts", equalTo(3))
                .body("rowVersion", nullValue());
        var event = kafka
                .readUntil(
                        "product.events",
                        records -> records.stream().anyMatch(one -> one.key().equals("acme:" + sku)),
                        TIMEOUT)
                .stream()
                .filter(one -> one.key().equals("acme:" + sku))
                .toList();
        assertThat(event).hasSize(1);
        assertThat(new String(event.getFirst().headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
                .isEqualTo("product.listed");
        assertThat(new String(event.getFirst().value(), StandardCharsets.UTF_8)).contains("\"name\":\"Lamp 3\"");
    }

    @Test
    void poisonBetweenTwoGoodMessagesStopsNeither() {
        // Given
        long quarantinedBefore = total("quarantined");

        // When
        publish("acme:" + sku, upsert("acme", sku, 1));
        publish("acme:" + sku, "{\"vendor\":\"acme\", broken");
        publish("acme:" + sku, null);
        publish("acme:" + sku, upsert("hooli", sku, 1));
        publish("acme:" + sku, upsert("acme", sku, 2).replace("Lamp", "La\\u0000mp"));
        publish("acme:" + sku, upsert("acme", sku, 3));
        publish("acme:" + sku, upsert("acme", sku, 2));
        publish("acme:" + sku, upsert("acme", sku, 3));

        // Then
        Awaitility.await().atMost(TIMEOUT).until(() -> total("quarantined") >= quarantinedBefore + 4);
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(
                        () -> asOperator().get("/products/acme:" + sku).then().body("version", equalTo(3)));
        List<Map<String, Object>> partitions =
                asOperator().get("/feed/partitions").then().extract().jsonPath().getList("$");
        assertThat(partitions)
                .allSatisfy(partition -> assertThat(number(partition, "received"))
                        .isEqualTo(number(partition, "applied")
                                + number(partition, "unchanged")
                                + number(partition, "stale")
                                + number(partition, "duplicate")
                                + number(partition, "quarantined")
                                + number(partition, "waiting")));
    }

    @Test
    void aPostedChangeIsAnsweredWithItsOutcome() {
        post(upsert("acme", sku, 5))
                .statusCode(200)
                .body("outcome", equalTo("applied"))
                .body("id", equalTo("acme:" + sku));
        post(upsert("acme", sku, 5)).statusCode(200).body("outcome", equalTo("duplicate"));
        post(upsert("acme", sku, 4)).statusCode(200).body("outcome", equalTo("stale"));
        post(upsert("acme", sku, 5).replace("Lamp", "Lantern"))
                .statusCode(409)
                .body("type", equalTo("https://holdfast.dev/problems/conflict"))
                .body("detail", containsString("higher version"));
    }

    @Test
    void aVendorIsTakenFromTheMomentItIsRegisteredAndUntilItIsSwitchedOff() {
        // Given
        String vendor = "v-" + sku.toLowerCase(Locale.ROOT);
        post(upsert(vendor, sku, 1)).statusCode(422).body("errors.reason", hasItem("unknown_vendor"));

        // When
        vendorMaster("INSERT INTO tbl_vndr_mstr (vndr_id, vndr_nm) VALUES ('%s', 'New')".formatted(vendor));
        vendorMaster("INSERT INTO tbl_vndr_cntr VALUES ('%s', 1, CURRENT_DATE, NULL)".formatted(vendor));

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> post(upsert(vendor, sku, 1)).statusCode(200));

        // When
        vendorMaster("UPDATE tbl_vndr_mstr SET actv_flg = 'N' WHERE vndr_id = '%s'".formatted(vendor));

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() ->
                        post(upsert(vendor, sku, 2)).statusCode(422).body("errors.reason", hasItem("inactive_vendor")));
    }

    private static void vendorMaster(String sql) {
        try (var connection = DriverManager.getConnection(
                        "jdbc:" + TestServers.postgresUrl(), "vendor_master_owner", "vendor_master_owner");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aPostedListIsAnsweredItemByItem() {
        post("[%s, %s, {\"op\": \"upsert\"}, 17]".formatted(upsert("acme", sku, 1), upsert("acme", sku, 2)))
                .statusCode(200)
                .body("outcome", equalTo(List.of("stale", "applied", "refused", "refused")))
                .body("[2].problem.errors.pointer", hasItem("/vendor"))
                .body("[3].problem.status", equalTo(422));
    }

    @Test
    void aVendorSendsItsOwnProductsAndNoOthers() {
        as("acme", "vendor")
                .body(upsert("acme", sku, 1))
                .post("/products")
                .then()
                .statusCode(200);
        as("globex", "vendor")
                .body(upsert("acme", sku, 2))
                .post("/products")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("detail", containsString("products of vendor 'acme'"));
    }

    @Test
    void listsPageByPageWithoutGapsOrRepeats() {
        // Given
        String items = IntStream.range(0, 25)
                .mapToObj(i -> upsert("initech", "%s-%02d".formatted(sku, i), 1))
                .collect(Collectors.joining(",", "[", "]"));
        post(items).statusCode(200).body("outcome", everyItem(equalTo("applied")));

        // When
        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var request = as("reader").queryParam("vendor", "initech").queryParam("limit", 7);
            var page = (cursor == null ? request : request.queryParam("cursor", cursor))
                    .get("/products")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            seen.addAll(page.getList("items.id"));
            cursor = page.getString("nextCursor");
        } while (cursor != null);

        // Then
        assertThat(seen.stream().filter(id -> id.startsWith("initech:" + sku)))
                .hasSize(25)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aDeletedProductIsNotThere() {
        post(upsert("acme", sku, 1)).statusCode(200);
        post("{\"vendor\":\"acme\",\"sku\":\"%s\",\"version\":2,\"op\":\"delete\"}".formatted(sku))
                .statusCode(200)
                .body("outcome", equalTo("applied"));

        asOperator()
                .get("/products/acme:" + sku)
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("instance", containsString(sku));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    not JSON          | hello                              | 400 | not-json      | line 1
                    truncated         | {"vendor": "acme",                 | 400 | not-json      | line 1
                    nothing           | ''                                 | 400 | not-json      | JSON
                    an empty list     | []                                 | 400 | invalid-input | 1 to 1000
                    a number          | 17                                 | 422 | unprocessable | must be a JSON object
                    an unknown field  | {"vendor": "acme", "nmae": "x"}    | 422 | unprocessable | /nmae
                    a wrong type      | {"vendor": "acme", "version": "1"} | 422 | unprocessable | without quotes
                    an unknown vendor | {"vendor": "hooli"}                | 422 | unprocessable | is not a vendor of ours
                    an inactive one   | {"vendor": "umbrella"}             | 422 | unprocessable | is not active
                    the future        | {"vendor": "initech", "version": 9000000000000000} | 422 | unprocessable | set the clock right
                    a NUL             | {"name": "a\\u0000b"}               | 422 | unprocessable | NUL
                    """)
    void badInputIsToldWhatToChange(String what, String body, int status, String type, String hint) {
        post(body)
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("https://holdfast.dev/problems/" + type))
                .body("status", equalTo(status))
                .body("title", notNullValue())
                .body("detail", containsString(hint));
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithAProblem() {
        post("[" + "1".repeat(9 * 1024 * 1024) + "]")
                .statusCode(413)
                .contentType("application/problem+json")
                .body("detail", containsString("at most"));
    }

    @Test
    void aBodyThatIsTooLargeWithoutSayingHowLargeIsRefusedWithAProblem() throws Exception {
        // When
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:%d/products".formatted(RestAssured.port)))
                                .header("Authorization", "Bearer " + token("someone", "operator"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(new byte[9 * 1024 * 1024])))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("send at most");
    }

    @Test
    void withoutATokenNothingIsToldButHealth() {
        given().get("/products")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", containsString("Bearer"))
                .contentType("application/problem+json")
                .body("detail", containsString("Authorization"));
        given().auth().oauth2("not.a.token").get("/products").then().statusCode(401);
        given().get("/feed/partitions").then().statusCode(401);
        given().contentType(ContentType.JSON)
                .body("{}")
                .post("/products")
                .then()
                .statusCode(401);
        given().get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void theWrongRoleIsTold() {
        as("reader", "reader")
                .body(upsert("acme", sku, 1))
                .post("/products")
                .then()
                .statusCode(403)
                .contentType("application/problem+json");
    }

    @Test
    void aWrongPathMethodMediaTypeOrParameterIsAProblemToo() {
        asOperator().get("/nowhere").then().statusCode(404).contentType("application/problem+json");
        asOperator().delete("/products").then().statusCode(405).contentType("application/problem+json");
        given().auth()
                .oauth2(token("someone", "operator"))
                .contentType("text/plain")
                .body("x")
                .post("/products")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
        asOperator().get("/products?limit=0").then().statusCode(400).body("detail", containsString("1 to 200"));
        asOperator().get("/products?limit=many").then().statusCode(400).contentType("application/problem+json");
        asOperator().get("/products?cursor=xyz").then().statusCode(400).body("detail", containsString("nextCursor"));
        asOperator().get("/products/nonsense").then().statusCode(400).body("detail", containsString("<vendor>:<sku>"));
    }

    @Test
    void metricsTellOutcomesBatchSizeAndLag() {
        post(upsert("acme", sku, 1)).statusCode(200);
        publish("acme:" + sku, upsert("acme", sku, 2));
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(
                        () -> asOperator().get("/products/acme:" + sku).then().body("version", equalTo(2)));

        String metrics =
                given().get("/q/metrics").then().statusCode(200).extract().asString();
        assertThat(metrics)
                .contains("holdfast_feed_messages_total{outcome=\"applied\"")
                .contains("holdfast_feed_batch_size_count")
                .contains("holdfast_feed_delay_milliseconds{partition=")
                .contains("kafka_consumer_fetch_manager_records_lag")
                .contains("holdfast_outbox_sent_total")
                .contains("holdfast_transaction_retries_total");
    }

    @Test
    void openApiDescribesTheEndpointsWithExamples() {
        given().accept(ContentType.JSON)
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(
                        "paths.'/products'.post.requestBody.content.'application/json'.examples.'one change'.value",
                        notNullValue())
                .body("paths.'/products'.get.parameters", hasSize(4))
                .body("components.schemas.Product.properties.name.examples", not(nullValue()));
    }

    private static ValidatableResponse post(String body) {
        return asOperator().body(body).post("/products").then();
    }

    private long total(String counter) {
        List<Map<String, Object>> partitions = asOperator()
                .get("/feed/partitions")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("$");
        return partitions.stream()
                .mapToLong(partition -> number(partition, counter))
                .sum();
    }

    private static long number(Map<String, Object> partition, String counter) {
        return ((Number) partition.get(counter)).longValue();
    }

    private void publish(String key, String value) {
        kafka.publish(TOPIC, key, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
}
