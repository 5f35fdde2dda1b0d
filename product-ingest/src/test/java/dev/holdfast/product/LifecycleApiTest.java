package dev.holdfast.product;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
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
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class LifecycleApiTest {
    private final String sku = "L" + UUID.randomUUID().toString().substring(0, 12);
    private final String id = "acme:" + sku;
    /** In the product's content and in no URL, so that an answer that contains it shows the product. */
    private final String name = "Lamp " + UUID.randomUUID();

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth()
                .oauth2(new Token(subject, List.of(roles)).signed(Instant.now()))
                .contentType(ContentType.JSON);
    }

    private static RequestSpecification asOperator() {
        return as("jane", "operator");
    }

    private ValidatableResponse send(long version, String more) {
        return asOperator()
                .body("""
                        {"vendor":"acme","sku":"%s","version":%d,"op":"upsert","name":"%s",
                         "price":{"amountMinor":%d,"currency":"EUR"}%s}
                        """.formatted(sku, version, name, version, more))
                .post("/products")
                .then()
                .statusCode(200);
    }

    private ValidatableResponse problem(Response response, int status) {
        return response.then().statusCode(status).contentType("application/problem+json");
    }

    @Test
    void whatIsDeletedIsShownByNoEndpointAndShownAgainWhenItIsRestored() {
        // Given
        send(1, "");
        Set<String> whereItIs = whereItIsShown();
        assertThat(whereItIs).contains("/products", "/products/{id}");

        // When / Then
        asOperator().delete("/products/" + id).then().statusCode(200).body("state", equalTo("deleted"));
        assertThat(whereItIsShown()).isEmpty();

        asOperator().post("/products/" + id + "/restore").then().statusCode(200).body("state", equalTo("live"));
        assertThat(whereItIsShown()).isEqualTo(whereItIs);
    }

    /** Walks every GET of the description as someone without a role and as another vendor, with and without a state. */
    private Set<String> whereItIsShown() {
        Map<String, Map<String, ?>> paths = given().accept(ContentType.JSON)
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getMap("paths");
        var shown = new TreeSet<String>();
        paths.forEach((path, methods) -> {
            if (methods.containsKey("get")) {
                for (String state : List.of("", "state=all&vendor=acme", "state=deleted")) {
                    if (shows(() -> as("reader"), path, state) || shows(() -> as("globex", "vendor"), path, state)) {
                        shown.add(path);
                    }
                }
            }
        });
        return shown;
    }

    /** Page by page, as long as there is a next one. */
    private boolean shows(Supplier<RequestSpecification> caller, String path, String query) {
        String url = path.replace("{vendor}", "acme").replace("{sku}", sku).replaceAll("\\{[^}]+}", id) + "?limit=200&"
                + query;
        String cursor = "";
        do {
            Response answer = caller.get().get(url + cursor);
            assertThat(answer.statusCode()).as(url).isLessThan(500);
            if (answer.asString().contains(name)) {
                return true;
            }
            cursor = next(answer);
        } while (!cursor.isEmpty());
        return false;
    }

    private static String next(Response answer) {
        if (answer.statusCode() != 200 || !answer.asString().startsWith("{")) {
            return "";
        }
        String cursor = JsonPath.from(answer.asString()).getString("nextCursor");
        return cursor == null ? "" : "&cursor=" + cursor;
    }

    @Test
    void operatorsAndTheVendorSeeWhatIsNotLiveAndNobodyElse() {
        // Given
        send(1, "");
        as("acme", "vendor").delete("/products/" + id).then().statusCode(200);

        // Then
        List<Supplier<RequestSpecification>> permitted =
                List.of(LifecycleApiTest::asOperator, () -> as("acme", "vendor"));
        for (Supplier<RequestSpecification> caller : permitted) {
            caller.get().get("/products/" + id).then().statusCode(404);
            caller.get()
                    .get("/products/" + id + "?state=all")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("deleted"));
            caller.get()
                    .get("/products/" + id + "?state=deleted")
                    .then()
                    .statusCode(200)
                    .body("name", equalTo(name))
                    .body("deletedAt", notNullValue());
            caller.get().get("/products/" + id + "?state=archived").then().statusCode(404);
            caller.get()
                    .get("/products?vendor=acme&state=deleted&limit=200")
                    .then()
                    .statusCode(200)
                    .body("items.state", everyItem(equalTo("deleted")))
                    .body("items.size()", greaterThan(0));
        }
        asOperator().get("/products?state=all").then().statusCode(200);
        problem(as("acme", "vendor").get("/products?state=all"), 403)
                .body("detail", containsString("vendor=<your own>"));
        problem(as("globex", "vendor").get("/products/" + id + "?state=all"), 403);
        problem(as("reader").get("/products?vendor=acme&state=deleted"), 403);
        problem(asOperator().get("/products?state=gone"), 400).body("detail", containsString("archived"));
    }

    @ParameterizedTest
    @CsvSource({"DELETE,", "POST,/restore", "GET,/history"})
    void aProductsLifeIsForOperatorsAndTheVendorWhoseItIs(String method, String path) {
        send(1, "");

        problem(as("globex", "vendor").request(method, "/products/" + id + (path == null ? "" : path)), 403)
                .body("detail", containsString("products of vendor 'acme'"));
        problem(as("reader").request(method, "/products/" + id + (path == null ? "" : path)), 403);
        problem(given().request(method, "/products/" + id + (path == null ? "" : path)), 401);
        problem(asOperator().request(method, "/products/nonsense" + (path == null ? "" : path)), 400)
                .body("detail", containsString("<vendor>:<sku>"));
        problem(asOperator().request(method, "/products/acme:never" + sku + (path == null ? "" : path)), 404);
        as("acme", "vendor")
                .request(method, "/products/" + id + (path == null ? "" : path))
                .then()
                .statusCode(200);
    }

    @Test
    void historyTellsPageByPageWhatWasWhenAndByWhom() {
        // Given
        for (int version = 1; version <= 3; version++) {
            send(version, "");
        }
        asOperator().delete("/products/" + id).then().statusCode(200);

        // When
        var items = new ArrayList<Map<String, Object>>();
        String cursor = "";
        do {
            Response page = asOperator().get("/products/" + id + "/history?limit=3" + cursor);
            items.addAll(page.then().statusCode(200).extract().jsonPath().getList("items"));
            cursor = next(page);
        } while (!cursor.isEmpty());

        // Then
        assertThat(items).extracting(item -> item.get("rowVersion")).containsExactly(4, 3, 2, 1);
        assertThat(items).extracting(item -> item.get("version")).containsExactly(null, 3, 2, 1);
        assertThat(items.getFirst())
                .doesNotContainKey("to")
                .containsEntry("by", Map.of("kind", "person", "person", "jane"));
        assertThat(items.get(1)).containsKey("to").containsEntry("by", Map.of("kind", "message"));
        assertThat(items.getLast()).containsEntry("price", Map.of("amountMinor", 1, "currency", "EUR"));
        problem(asOperator().get("/products/" + id + "/history?limit=201"), 400);
        problem(asOperator().get("/products/" + id + "/history?cursor=!"), 400)
                .body("detail", containsString("nextCursor"));
    }

    @Test
    void anyVersionIsRestoredAndTheOthersAreTold() {
        // Given
        send(1, "");
        send(2, "");

        // When
        asOperator()
                .post("/products/" + id + "/restore?version=1")
                .then()
                .statusCode(200)
                .body("rowVersion", is(3))
                .body("price.amountMinor", is(1));

        // Then
        problem(asOperator().post("/products/" + id + "/restore?version=9"), 404)
                .body("detail", containsString("/history"));
        problem(asOperator().post("/products/" + id + "/restore?version=first"), 400);
        var events = new TestKafka(TestServers.kafka())
                        .readUntil(
                                "product.events",
                                records -> records.stream()
                                                .filter(one -> one.key().equals(id))
                                                .count()
                                        == 3,
                                Duration.ofSeconds(20))
                        .stream()
                        .filter(one -> one.key().equals(id))
                        .toList();
        assertThat(new String(events.getLast().headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
                .isEqualTo("product.changed");
        assertThat(new String(events.getLast().value(), StandardCharsets.UTF_8)).contains("\"amountMinor\":1,");
    }

    @Test
    void aTakenGtinIsAConflictThatNamesWhoHasIt() {
        // Given
        String gtin = gtin();
        send(1, ",\"gtin\":\"%s\"".formatted(gtin));
        asOperator().delete("/products/" + id).then().statusCode(200);
        asOperator()
                .body("""
                        {"vendor":"globex","sku":"%s","version":1,"op":"upsert","name":"Other","gtin":"%s",
                         "price":{"amountMinor":1,"currency":"EUR"}}
                        """.formatted(sku, gtin))
                .post("/products")
                .then()
                .statusCode(200)
                .body("outcome", equalTo("applied"));

        // When / Then
        problem(asOperator().post("/products/" + id + "/restore"), 409)
                .body("type", equalTo("https://holdfast.dev/problems/conflict"))
                .body("detail", containsString("globex:" + sku));
    }

    /** Twelve random digits and their check digit. */
    private static String gtin() {
        String digits = String.valueOf(
                100_000_000_000L + Math.floorMod(UUID.randomUUID().getMostSignificantBits(), 800_000_000_000L));
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
        }
        return digits + (10 - sum % 10) % 10;
    }

    @Test
    void runsOfTheArchiverAndTheRetentionAreForOperators() {
        asOperator()
                .post("/archive/runs?dryRun=true")
                .then()
                .statusCode(200)
                .body("dryRun", is(true))
                .body("archived", is(0))
                .body("eligible", is(0))
                .body("oldest", nullValue());
        asOperator().post("/archive/runs").then().statusCode(200).body("dryRun", is(false));
        asOperator()
                .post("/retention/runs?dryRun=true")
                .then()
                .statusCode(200)
                .body("tables.what", equalTo(List.of("history", "receipts", "archive")))
                .body("tables.findAll { it.dropped.size() > 0 }", hasSize(0));
        asOperator().post("/retention/runs").then().statusCode(200).body("tables[0].keepFrom", notNullValue());
        problem(as("acme", "vendor").post("/archive/runs"), 403);
        problem(as("acme", "vendor").post("/retention/runs?dryRun=true"), 403);
        assertThat(given().get("/q/metrics").asString())
                .contains("holdfast_archive_products_total")
                .contains("holdfast_archive_eligible")
                .contains("holdfast_archive_last_run_seconds");
    }
}
