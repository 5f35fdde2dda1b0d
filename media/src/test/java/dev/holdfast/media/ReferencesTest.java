package dev.holdfast.media;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.holdfast.local.tool.Token;
import dev.holdfast.media.picture.SamplePictures;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Owners attach, detach and go: over HTTP in front, on the real topics behind. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class ReferencesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TestKafka kafka = new TestKafka(TestServers.kafka());
    private final String ada = UUID.randomUUID().toString();
    private final String product = "acme:" + UUID.randomUUID();

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth().oauth2(new Token(subject, List.of(roles)).signed(Instant.now()));
    }

    private static RequestSpecification asOperator() {
        return as("an operator", Roles.OPERATOR).contentType(ContentType.JSON);
    }

    private static ValidatableResponse upload(String ownerType, String ownerId) {
        BufferedImage image = SamplePictures.gradient(40, 40);
        image.setRGB(0, 0, new Random().nextInt());
        return as("an operator", Roles.OPERATOR)
                .contentType("application/octet-stream")
                .body(SamplePictures.png(image))
                .post("/images?ownerType=%s&ownerId=%s".formatted(ownerType, ownerId))
                .then();
    }

    /** A new one; its hash. */
    private static String uploaded(String ownerType, String ownerId) {
        return upload(ownerType, ownerId).statusCode(201).extract().path("sha256");
    }

    private static String use(String hash, String ownerType, String ownerId, String role) {
        return "/images/%s/references/%s/%s/%s".formatted(hash, ownerType, ownerId, role);
    }

    private static ValidatableResponse imagesOf(String ownerType, String ownerId) {
        return asOperator()
                .get("/references?ownerType=%s&ownerId=%s".formatted(ownerType, ownerId))
                .then()
                .statusCode(200);
    }

    private static void sweep() {
        asOperator().post("/sweeps").then().statusCode(200);
    }

    // ---- attaching

    @Test
    void anImageStaysAsLongAsSomebodyUsesIt() {
        // Given
        String hash = uploaded("product", product);

        // When / Then
        as(ada).put(use(hash, "user", ada, "portrait")).then().statusCode(201);
        as(ada).put(use(hash, "user", ada, "portrait")).then().statusCode(204);
        asOperator().delete(use(hash, "product", product, "image")).then().statusCode(204);
        asOperator()
                .delete(use(hash, "product", product, "image"))
                .then()
                .statusCode(404)
                .body("detail", containsString("does not use"));
        sweep();
        given().get("/images/" + hash).then().statusCode(200);

        as(ada).delete(use(hash, "user", ada, "portrait")).then().statusCode(204);
        sweep();
        given().get("/images/" + hash).then().statusCode(404);
        as(ada).put(use(hash, "user", ada, "portrait"))
                .then()
                .statusCode(404)
                .body("detail", containsString("upload it again"));
    }

    @Test
    void nobodyAttachesDetachesOrLooksInAnothersName() {
        String hash = uploaded("user", ada);
        String path = use(hash, "user", ada, "image");
        given().put(path).then().statusCode(401);
        as("bob").put(path).then().statusCode(403);
        as("bob").delete(path).then().statusCode(403);
        as(ada).put(use(hash, "product", ada, "image")).then().statusCode(403);
        as("bob").get("/references?ownerType=user&ownerId=" + ada).then().statusCode(403);
        as("bob")
                .get("/images/%s/references".formatted(hash))
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
    }

    @Test
    void whatMakesNoSenseIsSaidSo() {
        String hash = uploaded("user", ada);
        as(ada).put(use("nonsense", "user", ada, "cover")).then().statusCode(404);
        as(ada).put(use(hash, "user", ada, "r".repeat(41)))
                .then()
                .statusCode(400)
                .body("detail", containsString("role"));
        as(ada).urlEncodingEnabled(false)
                .put(use(hash, "user", ada, "a%00b"))
                .then()
                .statusCode(400)
                .body("detail", containsString("NUL"));
        as(ada).get("/images/%s/references".formatted("0".repeat(64))).then().statusCode(404);
        as(ada).get("/images/%s/references?limit=501".formatted(hash)).then().statusCode(400);
        as(ada).get("/images/%s/references?cursor=!".formatted(hash))
                .then()
                .statusCode(400)
                .body("detail", containsString("cursor"));
        as(ada).get("/references?ownerType=user&cursor=eA&ownerId=" + ada)
                .then()
                .statusCode(400)
                .body("detail", containsString("cursor"));
    }

    @Test
    void whoUsesWhatIsShownPageByPage() {
        // Given
        String hash = uploaded("product", product);
        String other = uploaded("product", product);
        for (String role : List.of("b", "c", "a")) {
            asOperator().put(use(hash, "product", product, role)).then().statusCode(201);
        }
        as(ada).put(use(hash, "user", ada, "portrait")).then().statusCode(201);

        // When / Then
        assertThat(walk(asOperator(), "/images/%s/references".formatted(hash), "items.role"))
                .containsExactly("a", "b", "c", "image", "portrait");
        assertThat(walk(as(ada), "/images/%s/references".formatted(hash), "items.ownerId"))
                .containsExactly(ada);
        String products = "/references?ownerType=product&ownerId=" + product;
        assertThat(walk(asOperator(), products, "items.role")).containsExactly("a", "b", "c", "image", "image");
        assertThat(walk(asOperator(), products, "items.image.sha256"))
                .containsExactlyInAnyOrder(hash, hash, hash, hash, other);
        imagesOf("user", ada)
                .body("items[0].role", equalTo("portrait"))
                .body("items[0].attachedAt", notNullValue())
                .body("items[0].image.mediaType", equalTo("image/png"));
    }

    private static List<String> walk(RequestSpecification caller, String path, String of) {
        var shown = new ArrayList<String>();
        String cursor = null;
        do {
            var page = given().spec(caller)
                    .queryParams(cursor == null ? Map.of("limit", 2) : Map.of("limit", 2, "cursor", cursor))
                    .get(path)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            shown.addAll(page.getList(of));
            cursor = page.getString("nextCursor");
        } while (cursor != null);
        return shown;
    }

    @Test
    void anOperatorSeesWhichImagesNobodyUses() {
        // Given
        String hash = uploaded("user", ada);
        String another = uploaded("user", ada);
        for (String one : List.of(hash, another)) {
            as(ada).delete(use(one, "user", ada, "image")).then().statusCode(204);
        }

        // When / Then
        asOperator()
                .get("/orphans?limit=500")
                .then()
                .statusCode(200)
                .body("unused", greaterThanOrEqualTo(2))
                .body("items.sha256", hasItem(hash))
                .body("items.find { it.sha256 == '%s' }.why".formatted(another), equalTo("unused"));
        String cursor = asOperator()
                .get("/orphans?limit=1")
                .then()
                .body("items", hasSize(1))
                .extract()
                .path("nextCursor");
        asOperator()
                .get("/orphans?limit=1&cursor=" + cursor)
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("unused", nullValue());
        asOperator().get("/orphans?cursor=x").then().statusCode(400);
        as(ada).get("/orphans").then().statusCode(403);
    }

    // ---- owners who go

    private void publish(String topic, String type, String subject) {
        publish(topic, type, subject, Map.of("ce_id", UUID.randomUUID().toString()));
    }

    private void publish(String topic, String type, String subject, Map<String, String> more) {
        var headers = new HashMap<>(Map.of(
                "ce_specversion",
                "1.0",
                "ce_type",
                type,
                "ce_subject",
                subject,
                "ce_time",
                Instant.now().toString()));
        headers.putAll(more);
        kafka.publish(topic, subject, "{}".getBytes(StandardCharsets.UTF_8), headers);
    }

    private static void awaitNoImagesOf(String ownerType, String ownerId) {
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> imagesOf(ownerType, ownerId).body("items", hasSize(0)));
    }

    private static String text(ConsumerRecord<String, byte[]> message, String header) {
        return new String(message.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    private void assertTold(String id, String... types) {
        assertThat(kafka
                        .readUntil(
                                "media.events",
                                records -> records.stream()
                                                .filter(one -> id.equals(one.key()))
                                                .count()
                                        >= types.length,
                                TIMEOUT)
                        .stream()
                        .filter(one -> id.equals(one.key()))
                        .map(one -> text(one, "ce_type") + " " + text(one, "ce_aggregateversion")))
                .containsExactly(types);
    }

    @Test
    void theImagesOfAnErasedUserGoAndDoNotComeBack() {
        // Given
        ValidatableResponse image = upload("user", ada).statusCode(201);
        String hash = image.extract().path("sha256");

        // When
        publish("user.events", "user.erased", ada);

        // Then
        awaitNoImagesOf("user", ada);
        sweep();
        given().get("/images/" + hash).then().statusCode(404);
        assertTold(image.extract().path("id"), "media.stored 1", "media.deleted 2");
        upload("user", ada).statusCode(410).body("detail", containsString("has been erased"));
        as(ada).put(use(uploaded("product", product), "user", ada, "portrait"))
                .then()
                .statusCode(410)
                .body("detail", containsString("has been erased"));
        imagesOf("user", ada).body("items", hasSize(0));
    }

    @Test
    void whatCannotBeReadStopsNobodyBehindIt() {
        // Given
        String bob = UUID.randomUUID().toString();
        uploaded("user", ada);
        uploaded("user", bob);

        // When
        publish("user.events", "user.erased", ada);
        publish("user.events", "user.erased", ada, Map.of("ce_id", "nonsense"));
        publish("user.events", "user.erased", bob);

        // Then
        awaitNoImagesOf("user", ada);
        awaitNoImagesOf("user", bob);
        awaitSetAside("user.events.media.dlq", ada);
    }

    private void awaitSetAside(String topic, String subject) {
        kafka.readUntil(
                topic,
                records -> records.stream()
                        .anyMatch(one -> text(one, "ce_subject").equals(subject)
                                && text(one, "dead-letter-reason").startsWith("incomplete")),
                TIMEOUT);
    }

    @Test
    void aProductLosesItsImagesWhenItIsArchivedAndNotBefore() {
        // Given
        ValidatableResponse image = upload("product", product).statusCode(201);

        // When
        publish("product.events", "product.deleted", product);
        publish("product.events", "product.archived", product, Map.of("ce_id", "nonsense"));
        awaitSetAside("product.events.media.dlq", product);

        // Then
        imagesOf("product", product).body("items", hasSize(1));

        // When
        publish("product.events", "product.archived", product);

        // Then
        awaitNoImagesOf("product", product);
        sweep();
        given().get("/images/" + image.extract().path("sha256")).then().statusCode(404);
        assertTold(image.extract().path("id"), "media.stored 1", "media.deleted 2");
        String comeBack = uploaded("product", product);
        imagesOf("product", product).body("items[0].image.sha256", equalTo(comeBack));
    }
}
