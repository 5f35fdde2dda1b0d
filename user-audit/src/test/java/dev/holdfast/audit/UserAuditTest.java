package dev.holdfast.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.holdfast.audit.proof.Verify;
import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.Dashboard;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestSchema;
import dev.holdfast.testkit.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as callers see it: real tokens, a real database, real topics. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class UserAuditTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final TestKafka kafka = new TestKafka(TestServers.kafka());
    private String user = "";

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth()
                .oauth2(new Token(subject, List.of(roles)).signed(Instant.now()))
                .contentType(ContentType.JSON);
    }

    private static RequestSpecification asAuditor() {
        return as("an auditor", Roles.AUDITOR).queryParam("purpose", "a test");
    }

    private static RequestSpecification asOfficer(String name) {
        return as(name, Roles.PRIVACY_OFFICER);
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    @BeforeEach
    void register() {
        user = register("Ada Lovelace", "ada@example.org");
    }

    private static String register(String name, String email) {
        return as("a registrar")
                .header("Idempotency-Key", key())
                .body("{\"fullName\":\"%s\",\"email\":\"%s\"}".formatted(name, email))
                .post("/users")
                .then()
                .statusCode(201)
                .body("emailVersion", equalTo(1))
                .extract()
                .path("id");
    }

    private ValidatableResponse change(long seen, String address) {
        return change(key(), seen, address);
    }

    private ValidatableResponse change(String key, long seen, String address) {
        return as(user).header("Idempotency-Key", key)
                .header("If-Match", "\"%d\"".formatted(seen))
                .body("{\"address\":\"%s\"}".formatted(address))
                .put("/users/%s/email".formatted(user))
                .then();
    }

    private ValidatableResponse patch(String seen, String body) {
        return as(user).contentType(MERGE_PATCH)
                .header("If-Match", seen)
                .body(body)
                .patch("/users/" + user)
                .then();
    }

    private List<ConsumerRecord<String, byte[]>> events(String id, int count) {
        return kafka
                .readUntil(
                        "user.events",
                        records -> records.stream()
                                        .filter(one -> id.equals(one.key()))
                                        .count()
                                >= count,
                        TIMEOUT)
                .stream()
                .filter(one -> id.equals(one.key()))
                .toList();
    }

    private static String header(ConsumerRecord<String, byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    // ---- profile

    @Test
    void aProfileIsPatchedFieldByFieldAndCheckedWhole() {
        // Given
        as(user).get("/users/" + user)
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("fullName", equalTo("Ada Lovelace"))
                .body("email", nullValue());

        // When
        patch("\"1\"", """
                {"phoneNumber": "+442079460000", "preferences": {"language": "en-GB", "newsletter": true},
                 "address": {"street": "12 St James's Square", "postalCode": "SW1Y 4JH", "city": "London", "country": "GB"}}
                """).statusCode(200).header("ETag", "\"2\"");
        patch(
                        "\"2\"",
                        "{\"address\": {\"city\": \"Oxford\"}, \"preferences\": {\"language\": null}, \"phoneNumber\": null}")
                .statusCode(200)
                .body("address.city", equalTo("Oxford"))
                .body("address.country", equalTo("GB"))
                .body("preferences.newsletter", equalTo(true))
                .body("preferences.language", nullValue())
                .body("phoneNumber", nullValue());

        // Then nothing that is wrong is written, not even in part
        patch(
                        "\"3\"",
                        "{\"fullName\": \"Somebody\", \"address\": {\"country\": \"XX\"}, \"preferences\": {\"timeZone\": \"Moon\"}}")
                .statusCode(422)
                .body("errors.pointer", hasItems("/address/country", "/preferences/timeZone"));
        patch("\"3\"", "{\"id\": null, \"address\": {\"planet\": \"Earth\"}}")
                .statusCode(422)
                .body("errors.pointer", hasItems("/id", "/address/planet"));
        patch("\"3\"", "{\"fullName\": 7}").statusCode(422).body("errors.pointer", hasItem("/fullName"));
        patch("\"3\"", "{\"fullName\": null}").statusCode(422).body("errors.pointer", hasItem("/fullName"));
        as(user).get("/users/" + user).then().body("fullName", equalTo("Ada Lovelace"));
    }

    @Test
    void ofTwoEditsAtOnceTheSecondIsToldSo() {
        patch("\"1\"", "{\"fullName\": \"Ada King\"}").statusCode(200);
        patch("\"1\"", "{\"fullName\": \"Ada Byron\"}").statusCode(412).body("detail", containsString("\"2\""));
        as(user).contentType(MERGE_PATCH)
                .body("{\"fullName\": \"Ada Byron\"}")
                .patch("/users/" + user)
                .then()
                .statusCode(428);
    }

    @Test
    void usersSeeThemselvesAlone() {
        as("mallory").get("/users/" + user).then().statusCode(403);
        as("mallory").get("/users/%s/email".formatted(user)).then().statusCode(403);
        as("an auditor", Roles.AUDITOR)
                .get("/users/%s/email".formatted(user))
                .then()
                .statusCode(400)
                .body("detail", containsString("why"));
        given().get("/users/" + user).then().statusCode(401);
        as("an auditor", Roles.AUDITOR)
                .get("/users/%s/email?purpose=Case 12".formatted(user))
                .then()
                .statusCode(200);
        as(user).get("/users/%s/email/reads".formatted(user))
                .then()
                .body("items.reader", equalTo(List.of("an auditor")))
                .body("items.purpose", equalTo(List.of("Case 12")));
        as("mallory").get("/users/%s/email/reads".formatted(user)).then().statusCode(403);
        as("mallory").get("/emails?purpose=curiosity").then().statusCode(403);
        as("mallory").post("/proof/verifications").then().statusCode(403);
    }

    @Test
    void registrationIsOncePerKey() {
        // Given
        String key = key();
        String body = "{\"fullName\":\"Bob\",\"email\":\"bob@example.org\"}";
        String id = as("r").header("Idempotency-Key", key)
                .body(body)
                .post("/users")
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        // When / Then
        as("r").header("Idempotency-Key", key)
                .body(body)
                .post("/users")
                .then()
                .statusCode(200)
                .header("Idempotency-Hit", "true")
                .body("id", equalTo(id));
        as("r").header("Idempotency-Key", key)
                .body(body.replace("bob@", "rob@"))
                .post("/users")
                .then()
                .statusCode(409);
        as("r").header("Idempotency-Key", key())
                .body("{\"fullName\":\"\",\"email\":\"no address\",\"phoneNumber\":\"123\"}")
                .post("/users")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("/fullName", "/email", "/phoneNumber"));
    }

    // ---- e-mail

    @Test
    void anAddressChangesAndItsPastCanBeAskedFor() {
        // Given
        String registered = as(user).get("/users/%s/email".formatted(user))
                .then()
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("address", equalTo("ada@example.org"))
                .body("state", equalTo("known"))
                .body("stableUntil", notNullValue())
                .extract()
                .path("recordedAt");

        // When
        change(1, "countess@example.org").statusCode(200).header("ETag", "\"2\"");
        change(1, "late@example.org").statusCode(412).body("detail", containsString("\"2\""));
        change(2, "not an address").statusCode(422).body("errors.pointer", hasItem("/address"));

        // Then
        as(user).get("/users/%s/email?asOf=%s".formatted(user, registered))
                .then()
                .body("address", equalTo("ada@example.org"));
        as(user).get("/users/%s/email/history".formatted(user))
                .then()
                .body("items.address", equalTo(List.of("ada@example.org", "countess@example.org")))
                .body("items.op", equalTo(List.of("registered", "changed")));
        as(user).get("/users/%s/email/history?limit=1".formatted(user))
                .then()
                .body("items", hasSize(1))
                .body("nextFrom", equalTo(registered));
        as(user).header("Idempotency-Key", key())
                .header("If-Match", "\"2\"")
                .body("{\"address\":\"right@example.org\"}")
                .post("/users/%s/email/corrections".formatted(user))
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("/validFrom", "/reason"));
        asAuditor()
                .body("{\"address\":\"Countess@example.org\",\"purpose\":\"a test\"}")
                .post("/emails/holders")
                .then()
                .statusCode(200)
                .body("items.userId", hasItem(user));
        asAuditor()
                .get("/emails/diff?limit=500&from=" + registered)
                .then()
                .statusCode(200)
                .body("items.userId", hasItem(user));
    }

    @Test
    void whatHappensToAUserIsToldInItsOrderAndWithoutAnAddress() {
        // When
        change(1, "countess@example.org").statusCode(200);
        patch("\"1\"", "{\"fullName\": \"Ada King\"}").statusCode(200);
        change(2, "king@example.org").statusCode(200);

        // Then
        List<ConsumerRecord<String, byte[]>> told = events(user, 4);
        assertThat(told.stream().map(one -> header(one, "ce_type")))
                .containsExactly("user.registered", "user.email_changed", "user.profile_changed", "user.email_changed");
        assertThat(told.stream().map(one -> header(one, "ce_subject"))).containsOnly(user);
        assertThat(told).noneMatch(one -> new String(one.value(), StandardCharsets.UTF_8).contains("@"));
    }

    /** Those of version 8 are the service's own: whoever took one could keep an erasure from being recorded. */
    @Test
    void whoeverWatchesSeesThatSealingGoesOn() {
        given().get("/q/health/well")
                .then()
                .statusCode(200)
                .body("checks.name", hasItem("The tree is what was signed"));
        Set<String> promises = Dashboard.asked("promises.json", "holdfast_audit_");
        assertThat(promises).contains("holdfast_audit_forked");
        Awaitility.await().untilAsserted(() -> {
            String metrics = given().get("/q/metrics").then().extract().asString();
            assertThat(metrics)
                    .contains("holdfast_audit_forked 0.0")
                    .containsPattern("holdfast_audit_sealed_total [1-9]");
            assertThat(Dashboard.told(metrics)).containsAll(promises);
        });
    }

    @Test
    void anIdThatTheServiceDerivesIsNotForClients() {
        change("0197b0c8-6d0f-8c55-9a3e-5f6a4c1d2e3f", 1, "countess@example.org")
                .statusCode(400)
                .body("detail", containsString("any version but 8"));
        change("0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f", 1, "countess@example.org")
                .statusCode(200);
    }

    // ---- proof

    @Test
    void theWholeLogIsVerifiedByWhoTrustsNobody(@TempDir Path folder) throws IOException {
        // Given
        change(1, "countess@example.org").statusCode(200);
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> as(user).get("/users/%s/email/proof".formatted(user))
                        .then()
                        .statusCode(200)
                        .body("event.version", equalTo(2))
                        .body("checkpoint", containsString("holdfast.local/user-audit")));

        // When
        String bundle = asAuditor()
                .get("/proof/bundle")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        String key = as(user).get("/proof/key").then().statusCode(200).extract().asString();
        Path file = Files.writeString(folder.resolve("bundle.jsonl"), bundle);

        // Then
        assertThat(Verify.run(new String[] {file.toString(), "--key", key}, System.out, System.err))
                .isZero();
        Files.writeString(file, bundle.replaceFirst("\"actor\":\"a registrar\"", "\"actor\":\"b registrar\""));
        assertThat(Verify.run(new String[] {file.toString(), "--key", key}, System.out, System.err))
                .isEqualTo(1);
        asAuditor().post("/proof/verifications").then().statusCode(200).body("verified", equalTo(true));
        assertThat(kafka.readUntil("audit.checkpoints", records -> !records.isEmpty(), TIMEOUT))
                .isNotEmpty();
    }

    // ---- forgetting

    @Test
    void aPersonIsForgottenByTwoPeopleAndTheProofsHold() {
        // Given
        String email = "/users/%s/email".formatted(user);
        asOfficer("first").delete("/users/" + user).then().statusCode(202);

        // When
        asOfficer("first")
                .post("/users/%s/erasure/confirmation".formatted(user))
                .then()
                .statusCode(403);
        String certificate = asOfficer("second")
                .post("/users/%s/erasure/confirmation".formatted(user))
                .then()
                .statusCode(200)
                .body("state", equalTo("erased"))
                .extract()
                .path("certificate");

        // Then
        assertThat(certificate).contains("erasure\n" + user);
        asOfficer("third")
                .post("/users/%s/erasure/confirmation".formatted(user))
                .then()
                .statusCode(200)
                .body("confirmedBy", equalTo("second"))
                .body("certificate", equalTo(certificate));
        as(user).get(email).then().body("state", equalTo("forgotten")).body("address", nullValue());
        as(user).get("/users/" + user).then().statusCode(404);
        change(2, "back@example.org").statusCode(409);
        assertThat(events(user, 2).stream().map(one -> header(one, "ce_type")))
                .containsExactly("user.registered", "user.erased");
        asAuditor().post("/proof/verifications").then().body("verified", equalTo(true));
    }

    /** In tables, indexes and the write-ahead log, in Kafka's segments, in the service's own log. */
    @Test
    void ofAForgottenAddressNoByteIsLeftAnywhere() throws Exception {
        // Given
        String needle = "needle" + UUID.randomUUID().toString().replace("-", "");
        user = register("Somebody", needle + "@example.org");
        change(1, "second-" + needle + "@example.org").statusCode(200);
        as(user).get("/users/%s/email".formatted(user)).then().body("address", containsString(needle));
        asAuditor()
                .body("{\"address\":\"second-%s@example.org\",\"purpose\":\"a test\"}".formatted(needle))
                .post("/emails/holders")
                .then()
                .body("items", hasSize(1));

        // When
        asOfficer("first").delete("/users/" + user).then().statusCode(202);
        asOfficer("second")
                .post("/users/%s/erasure/confirmation".formatted(user))
                .then()
                .statusCode(200);
        events(user, 3);

        // Then
        var server = new TestSchema("audit");
        server.executeAsAdmin("CHECKPOINT");
        List<Path> places = new ArrayList<>(kafka.logDirectories());
        places.add(server.dataDirectory());
        places.add(Path.of("target/quarkus.log"));
        for (Path place : places) {
            assertThat(place).exists();
            assertThat(filesWith(place, needle.getBytes(StandardCharsets.UTF_8)))
                    .as("%s", place)
                    .isEmpty();
        }
        // a word that must be found, so that the search is known to find
        assertThat(filesWith(server.dataDirectory(), "a registrar".getBytes(StandardCharsets.UTF_8)))
                .isNotEmpty();
    }

    private static List<Path> filesWith(Path place, byte[] needle) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, needle))
                    .toList();
        }
    }

    private static boolean contains(Path file, byte[] needle) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i <= bytes.length - needle.length; i++) {
                if (bytes[i] == needle[0]
                        && Arrays.mismatch(bytes, i, i + needle.length, needle, 0, needle.length) < 0) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void aLegalHoldIsInTheWayOfForgetting() {
        // Given
        String hold = "/users/%s/legal-hold".formatted(user);
        asOfficer("first").body("{\"held\":true}").put(hold).then().statusCode(422);
        asOfficer("first")
                .body("{\"held\":true,\"reason\":\"Case 12/26\"}")
                .put(hold)
                .then()
                .statusCode(204);

        // When / Then
        as(user).delete("/users/" + user).then().statusCode(409).body("detail", containsString("Case 12/26"));
        asOfficer("first")
                .body("{\"held\":false,\"reason\":\"Closed\"}")
                .put(hold)
                .then()
                .statusCode(204);
        as(user).delete("/users/" + user).then().statusCode(202);
        as(user).delete("/users/%s/erasure".formatted(user)).then().statusCode(204);
        as(user).get("/users/%s/erasure".formatted(user)).then().statusCode(404);
    }

    // ---- the boundary
}
