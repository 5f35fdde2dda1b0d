package dev.holdfast.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.ServersForQuarkus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Walks the whole description and the answers: nothing of the tables leaves that is not meant for callers. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class WireFormatTest {
    /** Columns whose names, in camel case, callers know. Whoever adds to these decides that it may leave. */
    private static final Set<String> MEANT_FOR_CALLERS = names("""
            id userId fullName phoneNumber createdAt preferences
            version op recordedAt validFrom eventId address actor reason source
            readAt reader purpose what
            leaf hash previousHash size root
            requestedBy requestedAt confirmedBy erasedAt certificate held
            type""");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COLUMNS = """
            SELECT DISTINCT column_name::text FROM information_schema.columns WHERE table_schema = current_schema()
            """;

    @Inject
    Pool pool;

    private String user = "";

    @BeforeEach
    void register() {
        user = as("a registrar")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType(ContentType.JSON)
                .body("""
                        {"fullName": "Ada Lovelace", "email": "ada@example.org", "phoneNumber": "+442079460000",
                         "preferences": {"language": "en-GB"},
                         "address": {"street": "12 St James's Square", "postalCode": "SW1Y 4JH", "city": "London", "country": "GB"}}
                        """)
                .post("/users")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static Set<String> names(String spaced) {
        return Set.of(spaced.split("\\s+"));
    }

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth().oauth2(new Token(subject, List.of(roles)).signed(Instant.now()));
    }

    private static JsonNode description() throws IOException {
        return JSON.readTree(as("anybody")
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    /** Of all schemas, those within others and within operations, too. */
    private static Set<String> described(JsonNode node) {
        var names = new TreeSet<String>();
        node.findValues("properties")
                .forEach(properties -> properties.fieldNames().forEachRemaining(names::add));
        return names;
    }

    private static Set<String> names(JsonNode answer) {
        var names = new TreeSet<String>();
        answer.properties().forEach(property -> {
            names.add(property.getKey());
            names.addAll(names(property.getValue()));
        });
        answer.forEach(element -> names.addAll(names(element)));
        return names;
    }

    private static String camelCase(String column) {
        String[] words = column.split("_");
        return words[0]
                + Stream.of(words)
                        .skip(1)
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining());
    }

    private Set<String> internalNames() {
        return pool.query(COLUMNS).execute().await().atMost(Duration.ofSeconds(10)).stream()
                .map(row -> row.getString(0))
                .flatMap(column -> Stream.of(column, camelCase(column)))
                .filter(name -> !MEANT_FOR_CALLERS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void noInternalColumnIsDescribed() throws IOException {
        assertThat(described(description())).hasSizeGreaterThan(30).doesNotContainAnyElementsOf(internalNames());
    }

    @Test
    void noEntityIsDescribed() throws IOException {
        assertThat(description().at("/components/schemas").properties())
                .isNotEmpty()
                .allSatisfy(schema ->
                        assertThat(schema.getKey()).doesNotEndWith("Entity").doesNotStartWith("Stored"));
    }

    @Test
    void noAnswerSaysMoreThanIsDescribed() throws IOException {
        Set<String> described = described(description());
        for (String path : List.of(
                "/users/" + user,
                "/users/%s/email?purpose=test".formatted(user),
                "/users/%s/email/history?purpose=test".formatted(user),
                "/users/%s/email/reads".formatted(user),
                "/emails?purpose=test",
                "/emails/diff?purpose=test&from=2020-01-01T00:00:00Z",
                "/proof/consistency?from=1&to=1",
                "/users/" + UUID.randomUUID())) {
            JsonNode answer = JSON.readTree(as(user, Roles.AUDITOR, Roles.OPERATOR)
                    .get(path)
                    .then()
                    .extract()
                    .asString());
            assertThat(described).as(path).containsAll(names(answer));
        }
    }
}
