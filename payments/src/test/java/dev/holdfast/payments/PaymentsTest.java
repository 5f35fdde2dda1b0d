package dev.holdfast.payments;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.holdfast.local.tool.Token;
import dev.holdfast.payments.transfer.TransferIds;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.testkit.Dashboard;
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
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as its callers meet it: HTTP in front, the real topics behind. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class PaymentsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** {@code quarkus.datasource.reactive.max-size} */
    private static final int POOL_SIZE = 20;

    @Inject
    Ids ids;

    @Inject
    Pool pool;

    private final TestKafka kafka = new TestKafka(TestServers.kafka());
    private final String alice = "alice-" + UUID.randomUUID();
    private final String shop = "shop-" + UUID.randomUUID();
    private long world;
    private long wallet;
    private long till;

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth()
                .oauth2(new Token(subject, List.of(roles)).signed(Instant.now()))
                .contentType(ContentType.JSON);
    }

    private static RequestSpecification asOperator() {
        return as("an operator", "operator");
    }

    @BeforeEach
    void open() {
        world = account(asOperator(), "{\"currency\":\"EUR\",\"withoutLimit\":true}");
        wallet = account(as(alice), "{\"currency\":\"EUR\"}");
        till = account(as(shop), "{\"currency\":\"EUR\"}");
        asOperator()
                .body(transfer(ids.next(), world, wallet, 1_000))
                .post("/transfers")
                .then()
                .statusCode(201);
    }

    private static long account(RequestSpecification caller, String body) {
        return caller.header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .post("/accounts")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getLong("id");
    }

    private static String transfer(UUID id, long from, long to, long amount) {
        return """
                {"id":"%s","debitAccount":%d,"creditAccount":%d,"amountMinor":%d,"currency":"EUR"}
                """.formatted(id, from, to, amount);
    }

    private static String about(UUID id, String kind, UUID of) {
        return "{\"id\":\"%s\",\"kind\":\"%s\",\"of\":\"%s\"}".formatted(id, kind, of);
    }

    private ValidatableResponse send(String subject, String body) {
        return as(subject).body(body).post("/transfers").then();
    }

    private long balance(long account) {
        return asOperator()
                .get("/accounts/" + account)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getLong("balanceMinor");
    }

    private static String header(ConsumerRecord<String, byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private List<ConsumerRecord<String, byte[]>> eventsAbout(String text, int count) {
        return kafka
                .readUntil(
                        "payment.events",
                        records ->
                                records.stream().filter(one -> says(one, text)).count() >= count,
                        TIMEOUT)
                .stream()
                .filter(one -> says(one, text))
                .toList();
    }

    private static boolean says(ConsumerRecord<String, byte[]> message, String text) {
        return new String(message.value(), StandardCharsets.UTF_8).contains(text);
    }

    private void publish(String topic, String type, UUID id, String subject, String body) {
        kafka.publish(
                topic,
                subject,
                body.getBytes(StandardCharsets.UTF_8),
                Map.of("ce_type", type, "ce_id", id.toString(), "ce_subject", subject, "ce_specversion", "1.0"));
    }

    @Test
    void whatTheDashboardAsksForIsThere() {
        Set<String> promises = Dashboard.asked("promises.json", "holdfast_payments_");

        assertThat(promises).contains("holdfast_payments_proof_violations");
        assertThat(Dashboard.told(given().get("/q/metrics").then().extract().asString()))
                .containsAll(promises);
    }

    @Test
    void moneyMovesOnceAndEverybodyIsTold() {
        // Given
        UUID id = ids.next();

        // When
        send(alice, transfer(id, wallet, till, 300))
                .statusCode(201)
                .body("outcome", equalTo("accepted"))
                .body("debit.sequence", equalTo(2))
                .body("debit.balanceMinor", equalTo(700));
        send(alice, transfer(id, wallet, till, 300)).statusCode(200).header("Idempotency-Hit", "true");

        // Then
        assertThat(List.of(balance(wallet), balance(till))).containsExactly(700L, 300L);
        ConsumerRecord<String, byte[]> event = eventsAbout(id.toString(), 1).getFirst();
        assertThat(header(event, "ce_type")).isEqualTo("transfer.posted");
        assertThat(header(event, "ce_id")).isEqualTo(id.toString());
        assertThat(event.key()).isEqualTo(id.toString());
    }

    @Test
    void aRefusalSaysWhatWasFoundAndStands() {
        // Given
        UUID id = ids.next();

        // When / Then
        send(alice, transfer(id, wallet, till, 1_001))
                .statusCode(409)
                .contentType("application/problem+json")
                .header("Idempotency-Hit", nullValue())
                .body("reason", equalTo("insufficient_funds"))
                .body("account", equalTo((int) wallet))
                .body("availableMinor", equalTo(1_000))
                .body("neededMinor", equalTo(1_001))
                .body("position", equalTo(1));
        send(alice, transfer(id, wallet, till, 1_001)).statusCode(409).header("Idempotency-Hit", "true");
        send(alice, transfer(id, wallet, till, 1))
                .statusCode(409)
                .body("reason", equalTo("id_exists_with_different_amount"));
        as(alice).get("/transfers/" + id).then().statusCode(200).body("refusal.reason", equalTo("insufficient_funds"));
        assertThat(header(eventsAbout(id.toString(), 1).getFirst(), "ce_type")).isEqualTo("transfer.refused");
    }

    @Test
    void aKeyStandsForAnIdOfItsCaller() {
        // Given
        String body = transfer(ids.next(), wallet, till, 10).replaceFirst("\"id\":\"[^\"]*\",", "");

        // When
        String first = as(alice)
                .header("Idempotency-Key", "a key")
                .body(body)
                .post("/transfers")
                .then()
                .statusCode(400)
                .extract()
                .asString();
        JsonPath posted = as(alice)
                .header("Idempotency-Key", "a-key")
                .body(body)
                .post("/transfers")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();

        // Then
        assertThat(first).contains("visible ASCII");
        as(alice)
                .header("Idempotency-Key", "a-key")
                .body(body)
                .post("/transfers")
                .then()
                .statusCode(200)
                .header("Idempotency-Hit", "true")
                .body("id", equalTo(posted.getString("id")));
        send(alice, body).statusCode(422).body("errors[0].pointer", equalTo("/id"));
    }

    @Test
    void aHoldIsCapturedInPartVoidedAndSeenInBothAccounts() {
        // Given
        UUID hold = ids.next();
        send(alice, transfer(hold, wallet, till, 400).replace("{\"id\"", "{\"kind\":\"hold\",\"id\""))
                .statusCode(201)
                .body("expiresAt", notNullValue());
        as(alice)
                .get("/accounts/" + wallet)
                .then()
                .body("balanceMinor", equalTo(1_000))
                .body("availableMinor", equalTo(600))
                .body("heldMinor", equalTo(400));
        as(shop).get("/accounts/" + till).then().body("expectedMinor", equalTo(400));

        // When
        send(shop, about(ids.next(), "capture", hold).replace("}", ",\"amountMinor\":150}"))
                .statusCode(201);
        send(alice, about(ids.next(), "void", hold)).statusCode(403);
        send(shop, about(ids.next(), "void", hold)).statusCode(201).body("amountMinor", equalTo(250));

        // Then
        as(alice)
                .get("/accounts/" + wallet)
                .then()
                .body("availableMinor", equalTo(850))
                .body("heldMinor", equalTo(0));
    }

    @Test
    void anExpiredHoldIsReleasedByItself() {
        // Given
        UUID hold = ids.next();
        String soon = Instant.now().plusMillis(1_500).toString();
        send(
                        alice,
                        transfer(hold, wallet, till, 400)
                                .replace("}", ",\"kind\":\"hold\",\"expiresAt\":\"%s\"}".formatted(soon)))
                .statusCode(201);

        // When
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> as(alice).get("/accounts/" + wallet).then().body("heldMinor", equalTo(0)));

        // Then
        send(shop, about(ids.next(), "capture", hold)).statusCode(409).body("reason", equalTo("hold_expired"));
        assertThat(eventsAbout("\"of\":\"%s\"".formatted(hold), 1)).isNotEmpty();
    }

    @Test
    void aBatchHasAnOutcomeForEach() {
        // Given
        UUID chained = ids.next();
        String body = "{\"transfers\":[%s,%s,%s,%s]}"
                .formatted(
                        transfer(ids.next(), wallet, till, 100),
                        transfer(chained, wallet, till, 100).replace("}", ",\"linked\":true}"),
                        transfer(ids.next(), wallet, till, 10_000),
                        transfer(ids.next(), till, wallet, 1));

        // When / Then
        as(alice)
                .body(body)
                .post("/transfers/batch?dryRun=true")
                .then()
                .statusCode(200)
                .body("outcomes.outcome", equalTo(List.of("posted", "refused", "refused", "forbidden")));
        assertThat(balance(till)).isZero();
        as(alice)
                .body(body)
                .post("/transfers/batch")
                .then()
                .statusCode(200)
                .body("outcomes.outcome", equalTo(List.of("posted", "refused", "refused", "forbidden")))
                .body("outcomes[1].refusal.reason", equalTo("linked_transfer_refused"));
        assertThat(balance(till)).isEqualTo(100);
    }

    @Test
    void aBatchThatCannotBeReadSaysWhereAndMovesNothing() {
        as(alice)
                .body("{\"transfers\":[%s,{\"kind\":\"steal\",\"id\":\"1\"}]}"
                        .formatted(transfer(ids.next(), wallet, till, 1)))
                .post("/transfers/batch")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("/transfers/1/kind", "/transfers/1/id"));
        as(alice).body("{\"transfers\":[]}").post("/transfers/batch").then().statusCode(422);
        assertThat(balance(till)).isZero();
    }

    @Test
    void badInputIsToldWhatToChange() {
        send(alice, transfer(UUID.randomUUID(), wallet, till, 1))
                .statusCode(422)
                .body("detail", containsString("version 7"));
        send(alice, transfer(ids.next(), wallet, till, 0))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/amountMinor"));
        send(alice, transfer(ids.next(), wallet, till, 1).replace("EUR", "euro"))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/currency"));
        send(alice, "{\"kind\":\"capture\",\"id\":\"%s\"}".formatted(ids.next()))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/of"));
        String farAway =
                transfer(ids.next(), wallet, till, 1).replace("{", "{\"effectiveAt\":\"+1000000000-12-31T23:59:59Z\",");
        send(alice, farAway).statusCode(422).body("errors[0].pointer", equalTo("/effectiveAt"));
        as(alice)
                .get("/accounts/%d/balance?asOf=-9999-01-01T00:00:00Z".formatted(wallet))
                .then()
                .statusCode(400);
        send(alice, "{\"id\":").statusCode(400);
        given().contentType(ContentType.JSON)
                .body("{}")
                .post("/transfers")
                .then()
                .statusCode(401);
        given().get("/accounts").then().statusCode(401);
    }

    @Test
    void ownersSeeAndMoveTheirOwnAlone() {
        // Given
        UUID id = ids.next();
        send(alice, transfer(id, wallet, till, 1)).statusCode(201);

        // When / Then
        send(shop, transfer(ids.next(), wallet, till, 1)).statusCode(403);
        as("mallory").get("/accounts/" + wallet).then().statusCode(404);
        as("mallory").get("/accounts/" + wallet + "/balance").then().statusCode(404);
        as("mallory").get("/accounts/" + wallet + "/statement").then().statusCode(404);
        as("mallory").get("/accounts?owner=" + alice).then().statusCode(403);
        as("mallory").get("/transfers/" + id).then().statusCode(404);
        as(shop).get("/transfers/" + id).then().statusCode(200);
        as(alice).get("/accounts").then().statusCode(200).body("items", hasSize(1));
        as(alice).body("{\"mode\":\"naive\"}").post("/lab/runs").then().statusCode(403);
        as(alice).post("/proof/runs").then().statusCode(403);
    }

    @Test
    void nobodySeesTheBalanceOfTheOtherSide() {
        // Given
        UUID id = ids.next();
        send(alice, transfer(id, wallet, till, 1))
                .statusCode(201)
                .body("debit.balanceMinor", equalTo(999))
                .body("credit", nullValue());
        send(alice, transfer(id, wallet, till, 1)).statusCode(200).body("credit", nullValue());
        as(alice)
                .body(transfer(ids.next(), wallet, till, 1))
                .post("/transfers?dryRun=true")
                .then()
                .statusCode(200)
                .body("credit", nullValue());

        // When / Then
        as(shop).get("/transfers/" + id).then().body("debit", nullValue()).body("credit.balanceMinor", equalTo(1));
        as(alice).get("/transfers/" + id).then().body("credit", nullValue());
        asOperator().get("/transfers/" + id).then().body("debit.balanceMinor", equalTo(999), "credit", notNullValue());
    }

    /** Orders believe it: whoever could write it would pay one order with another's money, or have money sent back. */
    @Test
    void nobodyCanClaimToPayAnOrder() {
        // Given
        String claim = transfer(ids.next(), wallet, till, 1)
                .replace("{", "{\"reference\":\"order:%s\",".formatted(ids.next()));

        // When / Then
        send(alice, claim).statusCode(422).body("errors[0].pointer", equalTo("/reference"));
        as(alice)
                .body("{\"transfers\":[%s]}".formatted(claim.replace("order:", "refund:")))
                .post("/transfers/batch")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/transfers/0/reference"));
    }

    /** Ids that the service derives are of a version that no client may choose. */
    @Test
    void nobodyCanTakeAnIdThatTheServiceWillNeed() {
        // Given
        UUID hold = ids.next();

        // When / Then
        send(alice, transfer(TransferIds.following(hold, "expire"), wallet, till, 1))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/id"));
    }

    @Test
    void settingsAreEditedUnderAVersionAndLeaveATrail() {
        // Given
        String path = "/accounts/" + wallet;

        // When / Then
        as(alice).body("{\"name\":\"holidays\"}").patch(path).then().statusCode(428);
        as(alice)
                .header("If-Match", "\"1\"")
                .body("{\"name\":\"holidays\"}")
                .patch(path)
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"");
        as(alice)
                .header("If-Match", "\"1\"")
                .body("{\"name\":\"late\"}")
                .patch(path)
                .then()
                .statusCode(412);
        as(alice)
                .header("If-Match", "\"2\"")
                .body("{\"overdraftLimitMinor\":100}")
                .patch(path)
                .then()
                .statusCode(403);
        asOperator()
                .header("If-Match", "\"2\"")
                .body("{\"overdraftLimitMinor\":100}")
                .patch(path)
                .then()
                .statusCode(200);
        send(alice, transfer(ids.next(), wallet, till, 1_100)).statusCode(201);
        asOperator()
                .header("If-Match", "\"3\"")
                .body("{\"overdraftLimitMinor\":99}")
                .patch(path)
                .then()
                .statusCode(409);
        asOperator()
                .header("If-Match", "\"3\"")
                .body("{\"closed\":true}")
                .patch(path)
                .then()
                .statusCode(409);
        asOperator()
                .header("If-Match", "\"3\"")
                .body("{\"frozen\":true}")
                .patch(path)
                .then()
                .statusCode(200);
        send(shop, transfer(ids.next(), till, wallet, 1))
                .statusCode(409)
                .body("reason", equalTo("credit_account_frozen"));
        asOperator()
                .get(path + "/actions")
                .then()
                .statusCode(200)
                .body("items.subject", equalTo(List.of("an operator", "an operator")))
                .body("items[0].detail.frozen", equalTo(true));
    }

    @Test
    void anOperatorMovesTheMoneyOfOthersAndLeavesATrail() {
        // Given
        UUID id = ids.next();

        // When
        asOperator()
                .body(transfer(id, wallet, till, 5))
                .post("/transfers")
                .then()
                .statusCode(201);
        send(alice, transfer(ids.next(), wallet, till, 5)).statusCode(201);

        // Then
        as("an auditor", "auditor")
                .get("/accounts/%d/actions".formatted(wallet))
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].action", equalTo("post"))
                .body("items[0].subject", equalTo("an operator"))
                .body("items[0].transferId", equalTo(id.toString()));
        as(alice).get("/accounts/%d/actions".formatted(wallet)).then().statusCode(403);
    }

    @Test
    void whenAllConnectionsAreTakenItSaysSoSoonAndLosesNothing() {
        // Given
        UUID id = ids.next();
        List<SqlConnection> taken = new ArrayList<>();
        Awaitility.await().atMost(TIMEOUT).until(() -> {
            // until nobody is left who has one
            taken.add(pool.getConnection().await().atMost(TIMEOUT));
            return taken.size() == POOL_SIZE;
        });

        // When / Then
        long start = System.nanoTime();
        as(alice).get("/accounts/" + wallet).then().statusCode(503).header("Retry-After", notNullValue());
        send(alice, transfer(id, wallet, till, 5)).statusCode(503).header("Retry-After", notNullValue());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        taken.forEach(one -> one.closeAndAwait());
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> send(alice, transfer(id, wallet, till, 5)).statusCode(201));
    }

    @Test
    void statementsAndPastBalancesTellWhatHappened() {
        // Given
        send(alice, transfer(ids.next(), wallet, till, 100)).statusCode(201);
        String between = Instant.now().toString();
        send(alice, transfer(ids.next(), wallet, till, 50)).statusCode(201);
        String yesterday = Instant.now().minus(Duration.ofDays(1)).toString();
        send(alice, transfer(ids.next(), wallet, till, 7).replace("}", ",\"effectiveAt\":\"%s\"}".formatted(yesterday)))
                .statusCode(201);

        // When / Then
        as(alice)
                .get("/accounts/%d/balance?asOf=%s".formatted(wallet, between))
                .then()
                .statusCode(200)
                .body("balanceMinor", equalTo(900));
        as(alice)
                .get("/accounts/%d/balance?effectiveAt=%s".formatted(wallet, between))
                .then()
                .statusCode(200)
                .body("balanceMinor", equalTo(893));
        as(alice).get("/accounts/%d/balance".formatted(wallet)).then().body("balanceMinor", equalTo(843));
        String cursor = as(alice)
                .get("/accounts/%d/statement?limit=3".formatted(wallet))
                .then()
                .statusCode(200)
                .body("items.sequence", equalTo(List.of(4, 3, 2)))
                .body("items.changeMinor", equalTo(List.of(-7, -50, -100)))
                .extract()
                .jsonPath()
                .getString("nextCursor");
        as(alice)
                .get("/accounts/%d/statement?limit=3&cursor=%s".formatted(wallet, cursor))
                .then()
                .body("items.sequence", equalTo(List.of(1)))
                .body("nextCursor", nullValue());
        as(alice)
                .get("/accounts/%d/statement?cursor=x".formatted(wallet))
                .then()
                .statusCode(400);
    }

    @Test
    void theBooksAreProvenOnDemand() {
        asOperator().post("/proof/runs").then().statusCode(200).body("violations", hasSize(0));
        as("an auditor", "auditor").get("/proof").then().statusCode(200).body("provenAt", notNullValue());
        given().get("/q/health/well").then().body("checks.name", hasItems("The books add up"));
    }

    @Test
    void commandsOnTheTopicAreCarriedOutAndPoisonIsSetAside() {
        // Given
        UUID first = ids.next();
        UUID last = ids.next();

        // When
        kafka.publish(
                "payment.commands", "any", transfer(first, wallet, till, 10).getBytes(StandardCharsets.UTF_8));
        kafka.publish("payment.commands", "any", "{\"kind\":".getBytes(StandardCharsets.UTF_8));
        kafka.publish(
                "payment.commands", "any", transfer(first, wallet, till, 10).getBytes(StandardCharsets.UTF_8));
        kafka.publish(
                "payment.commands", "any", transfer(last, wallet, till, 20).getBytes(StandardCharsets.UTF_8));

        // Then
        eventsAbout(last.toString(), 1);
        assertThat(balance(till)).isEqualTo(30);
        assertThat(eventsAbout(first.toString(), 1)).hasSize(1);
        assertThat(kafka.readUntil("payment.commands.payments.dlq", records -> !records.isEmpty(), TIMEOUT)
                        .getLast()
                        .headers()
                        .lastHeader("dead-letter-reason"))
                .isNotNull();
    }

    @Test
    void anOrderIsPaidOnceHoweverOftenItIsTold() {
        // Given
        UUID order = ids.next();
        String placed = placed(order, alice, 250);

        // When
        publish("order.events", "order.placed", ids.next(), order.toString(), placed);
        publish("order.events", "order.placed", ids.next(), order.toString(), placed);

        // Then
        List<ConsumerRecord<String, byte[]>> told = eventsAbout("order:" + order, 2);
        assertThat(told.stream().map(one -> header(one, "ce_type")))
                .containsExactlyInAnyOrder("transfer.held", "transfer.posted");
        assertThat(balance(wallet)).isEqualTo(750);

        // When the order does not take the money after all
        String transferId = JsonPath.from(new String(
                        told.stream()
                                .filter(one -> header(one, "ce_type").equals("transfer.posted"))
                                .findFirst()
                                .orElseThrow()
                                .value(),
                        StandardCharsets.UTF_8))
                .getString("transferId");
        String due = "{\"orderId\":\"%s\",\"transferId\":\"%s\",\"amountMinor\":250,\"currency\":\"EUR\"}"
                .formatted(order, transferId);
        publish("order.events", "order.refund_due", ids.next(), order.toString(), due);
        publish("order.events", "order.refund_due", ids.next(), order.toString(), due);

        // Then it goes back, once, and not as another payment of the order
        assertThat(eventsAbout("refund:" + order, 2).stream().map(one -> header(one, "ce_type")))
                .containsExactlyInAnyOrder("transfer.reversed", "transfer.refused");
        assertThat(balance(wallet)).isEqualTo(1_000);
    }

    private static String placed(UUID order, String customer, long total) {
        return """
                {"orderId":"%s","customer":"%s","currency":"EUR","totalMinor":%d,"lines":[],"dueAt":"%s"}
                """.formatted(order, customer, total, Instant.now().plusSeconds(900));
    }

    @Test
    void anOrderThatCannotBePaidIsRefused() {
        // Given
        UUID dear = ids.next();
        UUID unknown = ids.next();

        // When
        publish("order.events", "order.placed", ids.next(), dear.toString(), placed(dear, alice, 1_001));
        publish("order.events", "order.placed", ids.next(), unknown.toString(), placed(unknown, "nobody", 1));
        publish("order.events", "order.placed", ids.next(), "x", "{\"orderId\":1}");
        publish(
                "order.events",
                "order.placed",
                ids.next(),
                "x",
                placed(ids.next(), alice, 1).replace("EUR", "eur"));
        UUID free = ids.next();
        publish("order.events", "order.placed", ids.next(), free.toString(), placed(free, alice, 0));

        // Then
        ConsumerRecord<String, byte[]> refused = eventsAbout("order:" + dear, 1).getFirst();
        assertThat(header(refused, "ce_type")).isEqualTo("transfer.refused");
        assertThat(says(refused, "insufficient_funds")).isTrue();
        assertThat(says(eventsAbout("order:" + unknown, 1).getFirst(), "debit_account_unknown"))
                .isTrue();
        kafka.readUntil("order.events.payments.dlq", records -> !records.isEmpty(), TIMEOUT);
    }

    @Test
    void moneyThatCannotGoBackIsLeftToPeople() {
        // When
        UUID unknown = ids.next();
        publish(
                "order.events",
                "order.refund_due",
                ids.next(),
                "x",
                "{\"orderId\":\"%s\",\"transferId\":\"%s\"}".formatted(ids.next(), unknown));

        // Then
        kafka.readUntil(
                "order.events.payments.dlq",
                records -> records.stream()
                        .anyMatch(one -> says(one, unknown.toString())
                                && header(one, "dead-letter-reason").startsWith("refund_refused")),
                TIMEOUT);
    }

    @Test
    void usersComeAndGo() {
        // Given
        String user = UUID.randomUUID().toString();
        UUID registered = ids.next();

        // When
        publish("user.events", "user.registered", registered, user, "{}");
        publish("user.events", "user.registered", registered, user, "{}");
        publish("user.events", "user.registered", ids.next(), user, "{}");

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> as(user).get("/accounts").then().body("items", hasSize(1)));
        int account = as(user).get("/accounts").then().extract().jsonPath().getInt("items[0].id");

        // When
        publish("user.events", "user.erased", ids.next(), user, "{}");
        publish("user.events", "user.registered", registered, user, "{}");

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> as(user).get("/accounts").then().body("items", hasSize(0)));
        asOperator()
                .get("/accounts/" + account)
                .then()
                .body("owner", containsString("erased:"))
                .body("name", equalTo("erased"));
    }

    @Test
    void theLaboratoryShowsADoubleSpend() {
        // When
        String location = asOperator()
                .body("{\"mode\":\"naive\",\"accounts\":4,\"clients\":2,\"transfers\":2}")
                .post("/lab/runs")
                .then()
                .statusCode(202)
                .extract()
                .header("Location");

        // Then
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> asOperator().get(location).then().body("verdict", notNullValue()));
        asOperator()
                .get(location)
                .then()
                .body("verdict.violated", equalTo(true))
                .body("verdict.moneyAfter", equalTo(500))
                .body("verdict.guilty.account", equalTo(0));
        String page = asOperator()
                .accept(ContentType.HTML)
                .get(location + "/page")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(page).contains("Violated", "<svg", "reads account 0: 100", "writes account 0: 0");
        given().redirects()
                .follow(false)
                .accept(ContentType.HTML)
                .get(location + "/page")
                .then()
                .statusCode(303)
                .header("Location", containsString("/sign-in?next="));
        assertThat(asOperator()
                        .accept("text/event-stream")
                        .get(location + "/progress")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString())
                .contains("\"violated\":true");
        asOperator()
                .body("{\"mode\":\"hope\",\"clients\":1000}")
                .post("/lab/runs")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("/mode", "/clients"));
    }
}
