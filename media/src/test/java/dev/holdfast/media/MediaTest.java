package dev.holdfast.media;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.holdfast.local.tool.Token;
import dev.holdfast.media.picture.SamplePictures;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestSchema;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.HttpClientConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as its users have it, on a real PostgreSQL; files are files, and what is small is in the database. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class MediaTest {
    private final String ada = UUID.randomUUID().toString();

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth().oauth2(new Token(subject, List.of(roles)).signed(Instant.now()));
    }

    /** One that nobody has uploaded yet. */
    private static byte[] png(int side) {
        BufferedImage image = SamplePictures.gradient(side, side);
        image.setRGB(0, 0, new Random().nextInt());
        return SamplePictures.png(image);
    }

    private ValidatableResponse upload(byte[] bytes) {
        return as(ada).queryParam("ownerType", "user")
                .queryParam("ownerId", ada)
                .contentType("application/octet-stream")
                .body(bytes)
                .post("/images")
                .then();
    }

    private String uploaded(byte[] bytes) {
        return "/images/" + upload(bytes).statusCode(201).extract().path("sha256");
    }

    private static byte[] bytes(ValidatableResponse response) {
        return response.extract().asByteArray();
    }

    // ---- uploads

    @Test
    void anImageIsKeptAndComesBackAsItWas() {
        // Given
        byte[] png = png(300);

        // When
        ValidatableResponse answer = upload(png);

        // Then
        answer.statusCode(201)
                .header("Location", containsString("/images/"))
                .body("mediaType", equalTo("image/png"))
                .body("width", equalTo(300))
                .body("size", equalTo(png.length))
                .body("store", equalTo("files"));
        String path = "/images/" + answer.extract().path("sha256");
        ValidatableResponse image = given().get(path).then().statusCode(200).contentType("image/png");
        image.header("Cache-Control", "public, max-age=31536000, immutable")
                .header("ETag", "\"" + answer.extract().path("sha256") + "\"")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", containsString("sandbox"));
        assertThat(bytes(image)).isEqualTo(png);
    }

    @Test
    void theSameBytesAreKeptOnce() {
        byte[] png = png(200);
        String id = upload(png).statusCode(201).extract().path("id");
        upload(png).statusCode(200).body("id", equalTo(id));
    }

    @Test
    void whatIsNoImageIsRefusedAndNothingIsKeptOfIt() {
        upload("<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(StandardCharsets.UTF_8))
                .statusCode(422)
                .body("detail", containsString("convert it"));
        upload(Arrays.copyOf(png(100), 20)).statusCode(422).body("detail", containsString("cut off"));
        upload(new byte[0]).statusCode(422);
        asOperator()
                .get("/orphans")
                .then()
                .statusCode(200)
                .body("staged", equalTo(0))
                .body("stored", equalTo(0));
    }

    @Test
    void whatIsTooLargeIsRefusedWhetherItSaysSoOrNot() {
        byte[] tooLarge = Arrays.copyOf(png(10), 25_000_001);
        upload(tooLarge).statusCode(413);
        as(ada).queryParam("ownerType", "user")
                .queryParam("ownerId", ada)
                .contentType("application/octet-stream")
                .body(new ByteArrayInputStream(tooLarge))
                .post("/images")
                .then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("detail", containsString("25,000,000"));
    }

    @Test
    void nobodyUploadsInAnothersName() {
        given().body(png(10))
                .post("/images?ownerType=user&ownerId=" + ada)
                .then()
                .statusCode(401);
        as("bob")
                .body(png(10))
                .post("/images?ownerType=user&ownerId=" + ada)
                .then()
                .statusCode(403);
        as(ada).body(png(10)).post("/images?ownerType=product&ownerId=1").then().statusCode(403);
        as(ada).body(png(10))
                .post("/images?ownerType=user")
                .then()
                .statusCode(400)
                .body("detail", containsString("ownerId"));
        as("bob", Roles.OPERATOR)
                .body(png(10))
                .post("/images?ownerType=user&ownerId=" + ada)
                .then()
                .statusCode(201);
    }

    // ---- serving

    @Test
    void whoHasItAlreadyIsSentNothing() {
        String path = uploaded(png(120));
        String tag = given().get(path).header("ETag");
        given().header("If-None-Match", tag).get(path).then().statusCode(304).header("ETag", tag);
        given().header("If-None-Match", "\"other\", W/" + tag).get(path).then().statusCode(304);
        given().header("If-None-Match", "\"other\"").get(path).then().statusCode(200);
        given().head(path)
                .then()
                .statusCode(200)
                .header("Content-Length", Integer::parseInt, greaterThanOrEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 12})
    void aPartIsASliceOfTheWhole(int side) {
        // Given
        byte[] png = png(side);
        String path = uploaded(png);
        var random = new Random(side);

        // When / Then
        for (int i = 0; i < 20; i++) {
            int first = random.nextInt(png.length);
            int last = first + random.nextInt(png.length - first);
            ValidatableResponse part = given().header("Range", "bytes=%d-%d".formatted(first, last))
                    .get(path)
                    .then()
                    .statusCode(206)
                    .header("Content-Range", "bytes %d-%d/%d".formatted(first, last, png.length));
            assertThat(bytes(part)).isEqualTo(Arrays.copyOfRange(png, first, last + 1));
        }
        given().header("Range", "bytes=%d-".formatted(png.length))
                .get(path)
                .then()
                .statusCode(416)
                .header("Content-Range", "bytes */" + png.length);
        given().header("Range", "bytes=0-0")
                .header("If-Range", "\"other\"")
                .get(path)
                .then()
                .statusCode(200);
    }

    @Test
    void severalPartsComeInOneBody() {
        byte[] png = png(300);
        ValidatableResponse parts = given().header("Range", "bytes=0-9,100-109")
                .get(uploaded(png))
                .then()
                .statusCode(206)
                .header("Content-Type", startsWith("multipart/byteranges"));
        String boundary = parts.extract().header("Content-Type").replaceFirst(".*boundary=", "");
        String body = new String(bytes(parts), StandardCharsets.ISO_8859_1);
        assertThat(parts.extract().header("Content-Length")).isEqualTo(String.valueOf(body.length()));
        assertThat(body)
                .contains("Content-Range: bytes 0-9/" + png.length, "Content-Range: bytes 100-109/" + png.length)
                .endsWith("--" + boundary + "--\r\n");
        assertThat(body).contains(new String(Arrays.copyOfRange(png, 100, 110), StandardCharsets.ISO_8859_1));
    }

    /** It is remembered where its bytes were. */
    @ParameterizedTest
    @ValueSource(ints = {300, 12})
    void whatIsGoneSinceItWasLastSentIsSaidSo(int side) {
        // Given
        String path = uploaded(png(side));
        given().get(path).then().statusCode(200);

        // When
        new TestSchema("media").executeAsAdmin("DELETE FROM media.media_ref WHERE owner_id = '%s'".formatted(ada));
        asOperator().post("/sweeps").then().statusCode(200);

        // Then
        given().config(RestAssured.config()
                        .httpClient(HttpClientConfig.httpClientConfig().setParam("http.socket.timeout", 5_000)))
                .header("Range", "bytes=0-9")
                .get(path)
                .then()
                .statusCode(404)
                .header("ETag", nullValue())
                .header("Content-Range", nullValue())
                .header("Cache-Control", "no-store")
                .body("detail", containsString("There is no image"));
    }

    @Test
    void whatIsNotThereIsSaidSo() {
        given().get("/images/" + "0".repeat(64))
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store");
        as(ada).get("/images/nonsense").then().statusCode(404);
    }

    // ---- orphans

    @Test
    void whatNobodyUsesIsFoundAndSweptUnlessABackupIsMade() {
        // Given
        String path = uploaded(png(150));
        new TestSchema("media").executeAsAdmin("DELETE FROM media.media_ref WHERE owner_id = '%s'".formatted(ada));

        // When / Then
        asOperator()
                .get("/orphans")
                .then()
                .statusCode(200)
                .body("dryRun", equalTo(true))
                .body("unused", greaterThanOrEqualTo(1));
        String hold = asOperator()
                .post("/backup-holds?minutes=5")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        asOperator().post("/sweeps").then().statusCode(200).body("held", equalTo(true));
        asOperator().delete("/backup-holds/" + hold).then().statusCode(204);
        asOperator().delete("/backup-holds/" + hold).then().statusCode(404);
        asOperator().post("/sweeps").then().statusCode(200).body("held", equalTo(false));
        given().get(path).then().statusCode(404);
        as(ada).post("/sweeps").then().statusCode(403);
    }

    private static RequestSpecification asOperator() {
        return as("an operator", Roles.OPERATOR).contentType(ContentType.JSON);
    }
}
