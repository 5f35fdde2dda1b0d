package dev.holdfast.product.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.local.tool.Token;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.SessionTransactions;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.catalogue.Catalogue;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestSchema;
import dev.holdfast.testkit.TestServers;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders as customers, operators and payments meet them: HTTP in front, real topics on both sides. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class OrderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String DEAD_LETTERS = "payment.events.product-ingest.dlq";
    /** The value; an exemplar with values of its own may follow. */
    private static final Pattern METRIC = Pattern.compile("^\\S+ (\\S+)");

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    SessionTransactions transactions;

    @Inject
    OrderStore store;

    @Inject
    OrderJournal journal;

    @Inject
    OrderMetrics metrics;

    @Inject
    OrderPayments payments;

    @Inject
    OrderTimeouts timeouts;

    @Inject
    Catalogue catalogue;

    @Inject
    Outbox outbox;

    @Inject
    Ids ids;

    @Inject
    ProductConfig config;

    @Inject
    Scheduler scheduler;

    private final TestKafka kafka = new TestKafka(TestServers.kafka());
    private final String sku = "O" + UUID.randomUUID().toString().substring(0, 12);
    private final String productId = "acme:" + sku;
    private final String customer = "customer-" + UUID.randomUUID();

    @BeforeEach
    void listTheProduct() {
        upsert(sku, 1, "Drill", 500);
    }

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth()
                .oauth2(new Token(subject, List.of(roles)).signed(Instant.now()))
                .contentType(ContentType.JSON);
    }

    private static void upsert(String sku, long version, String name, long priceMinor) {
        as("someone", "operator")
                .body("""
                        {"vendor":"acme","sku":"%s","version":%d,"op":"upsert","name":"%s",
                         "price":{"amountMinor":%d,"currency":"EUR"}}
                        """.formatted(sku, version, name, priceMinor))
                .post("/products")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("applied"));
    }

    private static void delete(String sku, long version) {
        as("someone", "operator")
                .body("{\"vendor\":\"acme\",\"sku\":\"%s\",\"version\":%d,\"op\":\"delete\"}".formatted(sku, version))
                .post("/products")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("applied"));
    }

    private static String line(String productId, int quantity, long priceMinor) {
        return "{\"productId\":\"%s\",\"quantity\":%d,\"price\":{\"amountMinor\":%d,\"currency\":\"EUR\"}}"
                .formatted(productId, quantity, priceMinor);
    }

    private static String order(String... lines) {
        return "{\"lines\":[%s]}".formatted(String.join(",", lines));
    }

    private Response post(String key, String body) {
        return as(customer).header("Idempotency-Key", key).body(body).post("/orders");
    }

    /** Two drills for 1000. */
    private UUID place() {
        return UUID.fromString(post(UUID.randomUUID().toString(), order(line(productId, 2, 500)))
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    private ValidatableResponse show(UUID orderId) {
        return as(customer).get("/orders/" + orderId).then().statusCode(200);
    }

    private void awaitStatus(UUID orderId, String status) {
        Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> show(orderId).body("status", equalTo(status)));
    }

    // ---- placing

    @Test
    void anOrderIsPlacedAndTold() throws IOException {
        // Given
        upsert(sku + "-B", 1, "Saw", 1250);

        // When
        JsonPath placed = post("first", order(line(productId, 2, 500), line(productId + "-B", 1, 1250)))
                .then()
                .statusCode(201)
                .header("Location", containsString("/orders/"))
                .body("status", equalTo("placed"))
                .body("customer", equalTo(customer))
                .body("total.amountMinor", equalTo(2250))
                .body("total.currency", equalTo("EUR"))
                .body("lines.name", equalTo(List.of("Drill", "Saw")))
                .body("lines.quantity", equalTo(List.of(2, 1)))
                .body("lines.productVersion", equalTo(List.of(1, 1)))
                .body("history.status", equalTo(List.of("placed")))
                .extract()
                .jsonPath();

        // Then
        UUID id = UUID.fromString(placed.getString("id"));
        assertThat(Duration.between(
                        Instant.parse(placed.getString("placedAt")), Instant.parse(placed.getString("dueAt"))))
                .isEqualTo(config.order().paymentTimeout());
        assertThat(show(id).extract().jsonPath().<Object>get("$")).isEqualTo(placed.get("$"));
        var event = events(id, 1).getFirst();
        assertThat(header(event, "ce_type")).isEqualTo("order.placed");
        assertThat(header(event, "ce_aggregateversion")).isEqualTo("1");
        JsonNode payload = JSON.readTree(event.value());
        assertThat(payload.path("orderId").asText()).isEqualTo(id.toString());
        assertThat(payload.path("customer").asText()).isEqualTo(customer);
        assertThat(payload.path("totalMinor").asLong()).isEqualTo(2250);
        assertThat(payload.path("currency").asText()).isEqualTo("EUR");
        assertThat(Instant.parse(payload.path("dueAt").asText())).isEqualTo(Instant.parse(placed.getString("dueAt")));
        assertThat(payload.path("lines")).hasSize(2);
        assertThat(payload.path("lines").path(1)).isEqualTo(JSON.readTree("""
                {"productId": "%s-B", "productVersion": 1, "name": "Saw", "unitPriceMinor": 1250, "quantity": 1}
                """.formatted(productId)));
    }

    @Test
    void theSameRequestIsAnsweredTheSameWhateverBecameOfTheOrder() {
        // Given
        String body = order(line(productId, 2, 500));
        Response first = post("again", body);
        UUID id = UUID.fromString(first.path("id"));
        upsert(sku, 2, "Drill with battery", 700);
        cancel(id, "changed my mind").statusCode(200);

        // When
        Response second = post("again", body);

        // Then
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.header("Idempotency-Hit")).isNull();
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.header("Idempotency-Hit")).isEqualTo("true");
        assertThat(second.asString()).isEqualTo(first.asString());
        post("again", order(line(productId, 3, 500)))
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("https://holdfast.dev/problems/conflict"))
                .body("detail", containsString("new key"));
        as("another-" + customer)
                .header("Idempotency-Key", "again")
                .body(order(line(productId, 1, 700)))
                .post("/orders")
                .then()
                .statusCode(201);
    }

    @Test
    void ofManyEqualRequestsAtOnceOneOrderComes() throws Exception {
        // Given
        String body = order(line(productId, 2, 500));

        // When
        RaceGate<Response> race = RaceGate.race(12, worker -> () -> post("race", body));

        // Then
        race.assertWinners(1, response -> response.statusCode() == 201);
        assertThat(race.results().stream().map(Response::asString).distinct()).hasSize(1);
        assertThat(race.results().stream().filter(response -> response.statusCode() == 200))
                .hasSize(11)
                .allSatisfy(response ->
                        assertThat(response.header("Idempotency-Hit")).isEqualTo("true"));
        as(customer).get("/orders").then().statusCode(200).body("items", hasSize(1));
        assertThat(events(UUID.fromString(race.results().getFirst().path("id")), 1))
                .hasSize(1);
    }

    @Test
    void aPriceThatIsNoLongerTrueIsToldLineByLine() {
        // Given
        upsert(sku + "-B", 1, "Saw", 1250);
        upsert(sku + "-C", 1, "Axe", 900);
        upsert(sku, 2, "Drill", 600);
        delete(sku + "-C", 2);

        // When / Then
        post(
                        "outdated",
                        order(line(productId, 2, 500), line(productId + "-B", 1, 1250), line(productId + "-C", 1, 900)))
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("https://holdfast.dev/problems/catalogue-changed"))
                .body("instance", equalTo("/orders"))
                .body("errors.pointer", equalTo(List.of("/lines/0/price", "/lines/2/productId")))
                .body("errors.reason", equalTo(List.of("price_changed", "not_available")))
                .body("currentPrices.line", equalTo(List.of(0, 2)))
                .body("currentPrices[0].price.amountMinor", equalTo(600))
                .body("currentPrices[1].price", nullValue());
        post("outdated", order(line(productId, 2, 600))).then().statusCode(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"lines": [                              | 400 | not-json      | line 1
            ''                                       | 400 | not-json      | empty
            null                                     | 422 | unprocessable | null
            []                                       | 422 | unprocessable | JSON object
            {}                                       | 422 | unprocessable | 1 to 100 lines
            {"lines": [], "note": "x"}               | 422 | unprocessable | /note
            {"lines": "all"}                         | 422 | unprocessable | a list
            {"lines": [{"productId": 7}]}            | 422 | unprocessable | in quotes
            {"lines": [{"quantity": "2"}]}           | 422 | unprocessable | without quotes
            {"lines": [{"quantity": 99999999999}]}   | 422 | unprocessable | out of range
            {"lines": [{"productId": "a\\u0000:b"}]} | 422 | unprocessable | <vendor>:<sku>
            """)
    void badInputIsToldWhatToChange(String body, int status, String type, String hint) {
        post("bad", body)
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("https://holdfast.dev/problems/" + type))
                .body("detail", containsString(hint));
    }

    @Test
    void theKeyIsRequired() {
        String body = order(line(productId, 2, 500));
        as(customer)
                .body(body)
                .post("/orders")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors[0].pointer", equalTo("Idempotency-Key"))
                .body("detail", containsString("1 to 64 visible ASCII characters"));
        post("x".repeat(65), body).then().statusCode(400);
        post("with blank", body).then().statusCode(400);
        post("x".repeat(64), body).then().statusCode(201);
    }

    // ---- looking

    @Test
    void namesAndPricesStayAsTheyWere() {
        // Given
        UUID id = place();
        String before = show(id).extract().asString();

        // When
        upsert(sku, 2, "Something else", 99900);
        delete(sku, 3);

        // Then
        as(customer).get("/products/" + productId).then().statusCode(404);
        show(id).body("lines[0].name", equalTo("Drill"))
                .body("lines[0].unitPrice.amountMinor", equalTo(500))
                .body("lines[0].productVersion", equalTo(1))
                .body("total.amountMinor", equalTo(1000));
        assertThat(show(id).extract().asString()).isEqualTo(before);
    }

    @Test
    void aCustomerSeesAndCancelsTheirOwnOrdersAndNoOthers() {
        // Given
        UUID id = place();
        String stranger = "stranger-" + UUID.randomUUID();

        // When / Then
        as(stranger).get("/orders/" + id).then().statusCode(404).body("detail", not(containsString(customer)));
        as(stranger)
                .body("{\"reason\":\"mine now\"}")
                .post("/orders/" + id + "/cancel")
                .then()
                .statusCode(404);
        as(stranger).get("/orders").then().statusCode(200).body("items", hasSize(0));
        as(stranger)
                .queryParam("customer", customer)
                .get("/orders")
                .then()
                .statusCode(403)
                .contentType("application/problem+json");
        as("someone", "operator").get("/orders/" + id).then().statusCode(200).body("customer", equalTo(customer));
        as("someone", "operator")
                .queryParam("customer", customer)
                .get("/orders")
                .then()
                .statusCode(200)
                .body("items.id", equalTo(List.of(id.toString())));
        as("someone", "operator").get("/orders").then().statusCode(200).body("items[0].id", equalTo(id.toString()));
        given().get("/orders").then().statusCode(401).contentType("application/problem+json");
        show(id).body("status", equalTo("placed"));
    }

    @Test
    void listsNewestFirstPageByPage() {
        // Given
        List<String> placed =
                Stream.generate(this::place).limit(7).map(UUID::toString).toList();
        cancel(UUID.fromString(placed.get(2)), "no").statusCode(200);

        // When
        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            RequestSpecification request = as(customer).queryParam("limit", 3);
            JsonPath page = (cursor == null ? request : request.queryParam("cursor", cursor))
                    .get("/orders")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            seen.addAll(page.getList("items.id"));
            cursor = page.getString("nextCursor");
        } while (cursor != null);

        // Then
        assertThat(seen).containsExactlyElementsOf(placed.reversed());
        as(customer)
                .queryParam("status", "cancelled")
                .get("/orders")
                .then()
                .body("items.id", equalTo(List.of(placed.get(2))))
                .body("items.cancelReason", equalTo(List.of("no")));
        as(customer)
                .queryParam("status", "placed")
                .get("/orders")
                .then()
                .body("items", hasSize(6))
                .body("items.status", everyItem(equalTo("placed")));
        as(customer).queryParam("status", "lost").get("/orders").then().statusCode(400);
        as(customer).queryParam("limit", 201).get("/orders").then().statusCode(400);
        as(customer)
                .queryParam("cursor", "xyz")
                .get("/orders")
                .then()
                .statusCode(400)
                .body("detail", containsString("nextCursor"));
        as(customer).get("/orders/nonsense").then().statusCode(400).contentType("application/problem+json");
        as(customer).get("/orders/" + UUID.randomUUID()).then().statusCode(404);
    }

    // ---- cancelling

    private ValidatableResponse cancel(UUID id, String reason) {
        return as(customer)
                .body("{\"reason\":\"%s\"}".formatted(reason))
                .post("/orders/" + id + "/cancel")
                .then();
    }

    @Test
    void aPlacedOrderCanBeCancelledOnceWithAReason() throws IOException {
        // Given
        UUID id = place();

        // When
        cancel(id, "Ordered twice")
                .statusCode(200)
                .body("status", equalTo("cancelled"))
                .body("cancelReason", equalTo("Ordered twice"))
                .body("settledAt", notNullValue())
                .body("lines", hasSize(1))
                .body("history.status", equalTo(List.of("placed", "cancelled")))
                .body("history[1].reason", equalTo("Ordered twice"));

        // Then
        cancel(id, "once more")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("detail", containsString("cancelled already"));
        cancel(id, " ").statusCode(422).body("errors[0].pointer", equalTo("/reason"));
        cancel(id, "x".repeat(201)).statusCode(422);
        assertThat(types(events(id, 2))).containsExactly("order.placed", "order.cancelled");
        assertThat(JSON.readTree(events(id, 2).get(1).value()).path("reason").asText())
                .isEqualTo("Ordered twice");
    }

    // ---- paying

    @Test
    void moneyConfirmsAndARefusalCancels() throws IOException {
        // Given
        UUID paid = place();
        UUID refused = place();
        UUID transfer = UUID.randomUUID();

        // When
        publish(posted(UUID.randomUUID(), paid, transfer, 1000));
        publish(refused(UUID.randomUUID(), refused, "insufficient_funds"));

        // Then
        awaitStatus(paid, "confirmed");
        awaitStatus(refused, "cancelled");
        show(paid)
                .body("history.status", equalTo(List.of("placed", "confirmed")))
                .body("refundsDue", equalTo(0));
        show(refused)
                .body("cancelReason", equalTo("insufficient_funds"))
                .body(
                        "history.reason",
                        equalTo(Stream.of(null, "insufficient_funds").toList()));
        cancel(paid, "too late").statusCode(409).body("detail", containsString("confirmed already"));
        assertThat(types(events(paid, 2))).containsExactly("order.placed", "order.confirmed");
        assertThat(JSON.readTree(events(paid, 2).get(1).value())
                        .path("transferId")
                        .asText())
                .isEqualTo(transfer.toString());
        assertThat(versions(events(refused, 2))).containsExactly("1", "2");
    }

    @Test
    void redeliveryOldAfterNewAndPoisonInBetweenChangeNothingTwice() {
        // Given
        UUID first = place();
        UUID second = place();
        Payment pays = posted(UUID.randomUUID(), first, UUID.randomUUID(), 1000);
        Payment alsoPays = posted(UUID.randomUUID(), second, UUID.randomUUID(), 1000);
        var broken = new Payment("transfer.posted", UUID.randomUUID().toString(), first, "{\"reference\": broken");
        var nothing = new Payment("transfer.posted", UUID.randomUUID().toString(), first, null);
        var noUuid = new Payment("transfer.posted", "17", first, pays.payload());
        var foreign = new Payment("account.opened", UUID.randomUUID().toString(), first, "{}");
        Payment refusedLate = refused(UUID.randomUUID(), first, "insufficient_funds");

        // When
        publish(pays, broken, nothing, noUuid, foreign, pays, refusedLate, alsoPays, pays, alsoPays);

        // Then
        awaitStatus(first, "confirmed");
        awaitStatus(second, "confirmed");
        List<String> reasons = deadLetters(first, 3).stream()
                .map(letter -> header(letter, "dead-letter-reason"))
                .toList();
        assertThat(reasons).hasSize(3);
        assertThat(reasons.get(0)).startsWith("not_json: ");
        assertThat(reasons.get(1)).startsWith("invalid_size: ");
        assertThat(reasons.get(2)).startsWith("invalid_event_id: ");
        assertThat(deadLetters(first, 3).getFirst())
                .satisfies(letter -> assertThat(letter.value()).asString().isEqualTo("{\"reference\": broken"))
                .satisfies(letter -> assertThat(header(letter, "ce_type")).isEqualTo("transfer.posted"))
                .satisfies(letter ->
                        assertThat(header(letter, "dead-letter-topic")).isEqualTo("payment.events"));
        awaitAllTaken(first);
        show(first).body("status", equalTo("confirmed")).body("refundsDue", equalTo(0));
        assertThat(types(events(first, 2))).containsExactly("order.placed", "order.confirmed");
        assertThat(types(events(second, 2))).containsExactly("order.placed", "order.confirmed");
    }

    /** Behind everything that was published for these orders: records of which we see when they were taken. */
    private void awaitAllTaken(UUID... orderIds) {
        Payment[] ends = Stream.of(orderIds)
                .map(id -> new Payment("transfer.posted", UUID.randomUUID().toString(), id, "the end"))
                .toArray(Payment[]::new);
        publish(ends);
        Set<String> expected = Stream.of(ends).map(Payment::eventId).collect(Collectors.toSet());
        kafka.readUntil(
                DEAD_LETTERS,
                letters -> letters.stream()
                        .map(letter -> header(letter, "ce_id"))
                        .collect(Collectors.toSet())
                        .containsAll(expected),
                TIMEOUT);
    }

    @Test
    void theWrongAmountAndAnUnknownOrderAreSetAsideAndCanBeSentAgain() {
        // Given
        UUID id = place();
        UUID unknown = UUID.randomUUID();
        UUID eventId = UUID.randomUUID();
        UUID transfer = UUID.randomUUID();

        // When
        publish(posted(eventId, id, transfer, 999), posted(UUID.randomUUID(), unknown, UUID.randomUUID(), 1000));

        // Then
        assertThat(header(deadLetters(id, 1).getFirst(), "dead-letter-reason")).startsWith("amount_mismatch: ");
        assertThat(header(deadLetters(unknown, 1).getFirst(), "dead-letter-reason"))
                .startsWith("unknown_order: ");
        show(id).body("status", equalTo("placed"));
        publish(posted(eventId, id, transfer, 1000));
        awaitStatus(id, "confirmed");
    }

    @Test
    void moneyThatComesTooLateOrTwiceMustGoBackOnce() throws IOException {
        // Given
        UUID cancelled = place();
        UUID paidTwice = place();
        UUID late = UUID.randomUUID();
        UUID secondTransfer = UUID.randomUUID();
        cancel(cancelled, "changed my mind").statusCode(200);

        // When
        publish(
                posted(UUID.randomUUID(), cancelled, late, 1000),
                posted(UUID.randomUUID(), cancelled, late, 1000),
                posted(UUID.randomUUID(), paidTwice, UUID.randomUUID(), 1000),
                posted(UUID.randomUUID(), paidTwice, secondTransfer, 1000));

        // Then
        awaitAllTaken(cancelled, paidTwice);
        show(cancelled).body("status", equalTo("cancelled")).body("refundsDue", equalTo(1));
        show(paidTwice).body("status", equalTo("confirmed")).body("refundsDue", equalTo(1));
        assertThat(types(events(cancelled, 3))).containsExactly("order.placed", "order.cancelled", "order.refund_due");
        assertThat(versions(events(cancelled, 3))).containsExactly("1", "2", "3");
        assertThat(types(events(paidTwice, 3))).containsExactly("order.placed", "order.confirmed", "order.refund_due");
        assertThat(JSON.readTree(events(cancelled, 3).get(2).value()))
                .isEqualTo(JSON.readTree("""
                {"orderId": "%s", "transferId": "%s", "amountMinor": 1000, "currency": "EUR"}
                """.formatted(cancelled, late)));
        assertThat(JSON.readTree(events(paidTwice, 3).get(2).value())
                        .path("transferId")
                        .asText())
                .isEqualTo(secondTransfer.toString());
    }

    @Test
    void ordersAreTakenWhilePaymentsIsDownAndSettledWhenItCatchesUp() {
        // Given: nobody answers for a while
        List<UUID> orders = Stream.generate(this::place).limit(12).toList();
        assertThat(orders).allSatisfy(id -> show(id).body("status", equalTo("placed")));

        // When: then everything comes at once, doubled and in disorder
        var burst = new ArrayList<Payment>();
        for (int i = 0; i < orders.size(); i++) {
            Payment news = i % 3 == 0
                    ? refused(UUID.randomUUID(), orders.get(i), "insufficient_funds")
                    : posted(UUID.randomUUID(), orders.get(i), UUID.randomUUID(), 1000);
            burst.addAll(Collections.nCopies(1 + i % 2, news));
        }
        Collections.shuffle(burst, new Random(7));
        publish(burst.toArray(Payment[]::new));

        // Then
        for (int i = 0; i < orders.size(); i++) {
            awaitStatus(orders.get(i), i % 3 == 0 ? "cancelled" : "confirmed");
        }
        awaitAllTaken(orders.toArray(UUID[]::new));
        Map<UUID, List<ConsumerRecord<String, byte[]>>> told = events(orders);
        assertThat(orders).allSatisfy(id -> {
            show(id).body("history", hasSize(2)).body("refundsDue", equalTo(0));
            assertThat(versions(told.get(id))).containsExactly("1", "2");
        });
    }

    @Test
    void aPaymentOutlastsAnOutageOfTheDatabase() {
        // Given
        var server = new TestSchema("product");
        UUID id = place();
        double retriesBefore = metric("holdfast_records_retries_total");

        // When
        server.executeAsAdmin("ALTER ROLE product_app NOLOGIN");
        try {
            server.executeAsAdmin(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'product_app'");
            publish(posted(UUID.randomUUID(), id, UUID.randomUUID(), 1000));
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .until(() -> metric("holdfast_records_retries_total") > retriesBefore + 1);
        } finally {
            server.executeAsAdmin("ALTER ROLE product_app LOGIN");
        }

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> as(customer).get("/orders/" + id).statusCode() == 200);
        awaitStatus(id, "confirmed");
        List<ConsumerRecord<String, byte[]>> told = kafka
                .readUntil(
                        "order.events",
                        records -> types(byOrder(records).getOrDefault(id, List.of()))
                                .contains("order.confirmed"),
                        TIMEOUT)
                .stream()
                .filter(event -> event.key().equals(id.toString()))
                .toList();
        // a relay that did not learn that it has told something tells it once more, under the same id
        assertThat(types(told).stream().distinct()).containsExactly("order.placed", "order.confirmed");
        assertThat(told.stream().map(event -> header(event, "ce_id")).distinct())
                .hasSize(2);
    }

    // ---- waiting in vain

    /** As if it had been placed an hour ago: its payment is overdue. */
    private UUID placeLongAgo() {
        var longAgo = new OrderService(
                transactions,
                store,
                journal,
                catalogue,
                metrics,
                outbox,
                ids,
                Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)),
                config);
        var request =
                new OrderRequest(List.of(new OrderRequest.Line(productId, 2, new OrderRequest.Price(500L, "EUR"))));
        OrderResult result = run(() -> longAgo.place(customer, UUID.randomUUID().toString(), request));
        assertThat(result).isInstanceOf(OrderResult.Placed.class);
        return ((OrderResult.Placed) result).order().id();
    }

    private static <T> T run(Supplier<Uni<T>> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(work);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void anOverdueOrderIsCancelledByItselfAndAFreshOneIsNot() {
        // Given
        UUID overdue = placeLongAgo();
        UUID fresh = place();
        double before = metric("holdfast_orders_timed_out_total");

        // When
        scheduler.resume();
        try {
            awaitStatus(overdue, "cancelled");
        } finally {
            scheduler.pause();
        }

        // Then
        show(overdue)
                .body("cancelReason", equalTo("payment_timeout"))
                .body("history.status", equalTo(List.of("placed", "cancelled")));
        show(fresh).body("status", equalTo("placed"));
        assertThat(types(events(overdue, 2))).containsExactly("order.placed", "order.cancelled");
        assertThat(metric("holdfast_orders_timed_out_total")).isGreaterThan(before);
    }

    @Test
    void severalSweepsAtOnceCancelEachOrderOnce() throws Exception {
        // Given
        List<UUID> overdue = Stream.generate(this::placeLongAgo).limit(30).toList();

        // When
        RaceGate<Integer> race = RaceGate.race(5, worker -> () -> run(timeouts::sweep));

        // Then: what one left out because another held it is settled when that one has committed
        race.assertWinners(5, anything -> true);
        run(timeouts::sweep);
        Map<UUID, List<ConsumerRecord<String, byte[]>>> told = events(overdue);
        assertThat(overdue).allSatisfy(id -> {
            show(id).body("status", equalTo("cancelled")).body("history", hasSize(2));
            assertThat(versions(told.get(id))).containsExactly("1", "2");
        });
    }

    @Test
    void ofATimeoutAndAPaymentAtTheSameMomentOneWinsAndTheEventsAgree() throws Exception {
        // Given
        List<UUID> overdue = Stream.generate(this::placeLongAgo).limit(24).toList();

        // When
        RaceGate.<Object>race(overdue.size() * 2, worker -> raceOf(overdue, worker))
                .assertWinners(overdue.size() * 2, anything -> true);
        run(timeouts::sweep);

        // Then
        Map<UUID, List<ConsumerRecord<String, byte[]>>> told = events(overdue);
        assertThat(overdue).allSatisfy(id -> {
            JsonPath shown = show(id).extract().jsonPath();
            switch (shown.getString("status")) {
                case "confirmed" -> {
                    assertThat(types(told.get(id))).containsExactly("order.placed", "order.confirmed");
                    assertThat(shown.getInt("refundsDue")).isZero();
                }
                case "cancelled" -> {
                    assertThat(types(told.get(id)))
                            .containsExactly("order.placed", "order.cancelled", "order.refund_due");
                    assertThat(versions(told.get(id))).containsExactly("1", "2", "3");
                    assertThat(shown.getInt("refundsDue")).isOne();
                }
                default -> throw new AssertionError("Order %s is not settled".formatted(id));
            }
        });
    }

    private Callable<Object> raceOf(List<UUID> orders, int worker) {
        if (worker % 2 == 0) {
            return () -> run(timeouts::sweep);
        }
        var paid = new PaymentEvent.Posted(UUID.randomUUID(), orders.get(worker / 2), UUID.randomUUID(), 1000, "EUR");
        return () -> run(() -> payments.receive(paid));
    }

    @Test
    void theSameNewsFromManySidesAtOnceTakesEffectOnce() throws Exception {
        // Given
        UUID id = place();
        var paid = new PaymentEvent.Posted(UUID.randomUUID(), id, UUID.randomUUID(), 1000, "EUR");

        // When
        RaceGate<PaymentDecision> race = RaceGate.race(10, worker -> () -> run(() -> payments.receive(paid)));

        // Then
        race.assertWinners(1, decision -> decision instanceof PaymentDecision.Confirm);
        assertThat(versions(events(id, 2))).containsExactly("1", "2");
    }

    // ---- watching

    @Test
    void metricsTellWhatBecomesOfOrders() {
        // Given
        double placedBefore = metric("holdfast_orders_total{status=\"placed\"}");

        // When
        place();

        // Then
        assertThat(metric("holdfast_orders_total{status=\"placed\"}")).isEqualTo(placedBefore + 1);
        given().get("/q/metrics")
                .then()
                .body(containsString("holdfast_orders_total{status=\"cancelled\"}"))
                .body(containsString("holdfast_orders_timed_out_total"))
                .body(containsString("holdfast_orders_refunds_due_total"))
                .body(containsString("holdfast_orders_payments_contradictory_total"));
    }

    @Test
    void openApiDescribesOrdersWithExamples() {
        given().accept(ContentType.JSON)
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(
                        "paths.'/orders'.post.requestBody.content.'application/json'.examples.'two drills'.value",
                        notNullValue())
                .body("paths.'/orders'.post.parameters", hasSize(1))
                .body("paths.'/orders'.post.parameters[0].required", equalTo(true))
                .body("paths.'/orders'.get.parameters", hasSize(4))
                .body("components.schemas.Order.properties.size()", greaterThan(8))
                .body("components.schemas.OrderEntity", nullValue());
    }

    private static double metric(String name) {
        return given().get("/q/metrics")
                .then()
                .extract()
                .asString()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(METRIC::matcher)
                .filter(Matcher::find)
                .mapToDouble(value -> Double.parseDouble(value.group(1)))
                .sum();
    }

    // ---- topics

    /** A record of payments' topic, keyed so that a test finds it again. */
    private record Payment(String type, String eventId, UUID orderId, String payload) {}

    private static Payment posted(UUID eventId, UUID orderId, UUID transferId, long amountMinor) {
        return new Payment(
                "transfer.posted", eventId.toString(), orderId, """
                {"reference": "order:%s", "amountMinor": %d, "currency": "EUR", "transferId": "%s"}
                """.formatted(orderId, amountMinor, transferId));
    }

    private static Payment refused(UUID eventId, UUID orderId, String reason) {
        return new Payment(
                "transfer.refused", eventId.toString(), orderId, """
                {"reference": "order:%s", "amountMinor": 1000, "currency": "EUR", "transferId": "%s", "reason": "%s"}
                """.formatted(orderId, UUID.randomUUID(), reason));
    }

    private void publish(Payment... records) {
        var answers = new ArrayList<Future<RecordMetadata>>();
        try (var producer = kafka.producer()) {
            for (Payment payment : records) {
                var message = new ProducerRecord<String, byte[]>(
                        "payment.events",
                        payment.orderId().toString(),
                        payment.payload() == null ? null : payment.payload().getBytes(StandardCharsets.UTF_8));
                message.headers()
                        .add("ce_specversion", "1.0".getBytes(StandardCharsets.UTF_8))
                        .add("ce_type", payment.type().getBytes(StandardCharsets.UTF_8))
                        .add("ce_source", "/payments".getBytes(StandardCharsets.UTF_8))
                        .add("ce_id", payment.eventId().getBytes(StandardCharsets.UTF_8));
                answers.add(producer.send(message));
            }
            producer.flush();
            answers.forEach(Future::resultNow);
        }
    }

    /** What was told of an order, at least this many. */
    private List<ConsumerRecord<String, byte[]>> events(UUID orderId, int count) {
        return ofKey("order.events", orderId, count);
    }

    /** What was told of these orders once everything that they have in the outbox has left it. */
    private Map<UUID, List<ConsumerRecord<String, byte[]>>> events(List<UUID> orderIds) {
        Map<UUID, Long> versions = orderIds.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        id -> run(() -> transactions.inTransaction(() -> store.withLines(id)
                                .map(order -> order.orElseThrow().version())))));
        return byOrder(kafka.readUntil(
                "order.events",
                records -> {
                    var told = byOrder(records);
                    return orderIds.stream()
                            .allMatch(id -> told.getOrDefault(id, List.of()).size() >= versions.get(id));
                },
                TIMEOUT));
    }

    private static Map<UUID, List<ConsumerRecord<String, byte[]>>> byOrder(
            List<ConsumerRecord<String, byte[]>> records) {
        return records.stream().collect(Collectors.groupingBy(event -> UUID.fromString(event.key())));
    }

    private List<ConsumerRecord<String, byte[]>> deadLetters(UUID orderId, int count) {
        return ofKey(DEAD_LETTERS, orderId, count);
    }

    private List<ConsumerRecord<String, byte[]>> ofKey(String topic, UUID key, int count) {
        return kafka
                .readUntil(
                        topic,
                        records -> records.stream()
                                        .filter(one -> key.toString().equals(one.key()))
                                        .count()
                                >= count,
                        TIMEOUT)
                .stream()
                .filter(one -> key.toString().equals(one.key()))
                .toList();
    }

    private static List<String> types(List<ConsumerRecord<String, byte[]>> events) {
        return events.stream().map(event -> header(event, "ce_type")).toList();
    }

    private static List<String> versions(List<ConsumerRecord<String, byte[]>> events) {
        return events.stream()
                .map(event -> header(event, "ce_aggregateversion"))
                .toList();
    }

    private static String header(ConsumerRecord<?, ?> message, String name) {
        var header = message.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
