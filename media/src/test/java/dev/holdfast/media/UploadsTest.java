package dev.holdfast.media;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.holdfast.local.tool.Token;
import dev.holdfast.media.picture.SamplePictures;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.testkit.ServersForQuarkus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Forms, and tus 1.0.0 by hand. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class UploadsTest {
    private static final String VERSION = "1.0.0";
    private static final String BYTES = "application/offset+octet-stream";

    private final String ada = UUID.randomUUID().toString();
    private final byte[] png = png();

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth().oauth2(token(subject, roles));
    }

    private static String token(String subject, String... roles) {
        return new Token(subject, List.of(roles)).signed(Instant.now());
    }

    /** Of about 120,000 bytes, which nobody has. */
    private static byte[] png() {
        var image = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
        var random = new Random();
        for (int i = 0; i < 200 * 200; i++) {
            image.setRGB(i % 200, i / 200, random.nextInt());
        }
        return SamplePictures.png(image);
    }

    private byte[] slice(int from, int to) {
        return Arrays.copyOfRange(png, from, to);
    }

    private String image() {
        return "/images/" + Sha256.of(png);
    }

    // ---- forms

    private RequestSpecification form() {
        return as(ada).multiPart("ownerType", "user").multiPart("ownerId", ada);
    }

    @Test
    void aFormOfABrowserIsTaken() {
        form().multiPart("role", "portrait")
                .multiPart("picture", "me.png", png, "image/png")
                .post("/images")
                .then()
                .statusCode(201)
                .header("Location", containsString(image()))
                .body("mediaType", equalTo("image/png"))
                .body("size", equalTo(png.length));
        assertThat(given().get(image()).asByteArray()).isEqualTo(png);
        form().multiPart("picture", "again.png", png, "image/png")
                .post("/images")
                .then()
                .statusCode(200);
    }

    @Test
    void aFormThatIsWrongIsToldWhatToChange() {
        form().post("/images").then().statusCode(400).body("detail", containsString("no image in the form"));
        form().multiPart("a", "a.png", png)
                .multiPart("b", "b.png", png)
                .post("/images")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", containsString("one image at a time"));
        form().multiPart("colour", "red")
                .multiPart("a", "a.png", png)
                .post("/images")
                .then()
                .statusCode(400)
                .body("detail", containsString("'colour' is not expected"));
        as(ada).multiPart("a", "a.png", png)
                .multiPart("ownerType", "user")
                .post("/images")
                .then()
                .statusCode(400)
                .body("detail", containsString("ownerType is needed"));
        as("bob")
                .multiPart("ownerType", "user")
                .multiPart("ownerId", ada)
                .multiPart("a", "a.png", png)
                .post("/images")
                .then()
                .statusCode(403);
        form().multiPart("a", "a.png", "no picture".getBytes(StandardCharsets.UTF_8))
                .post("/images")
                .then()
                .statusCode(422);
        form().multiPart("a", "a.png", Arrays.copyOf(png, 25_000_001))
                .post("/images")
                .then()
                .statusCode(413);
        as("an operator", Roles.OPERATOR)
                .get("/orphans")
                .then()
                .body("staged", equalTo(0))
                .body("stored", equalTo(0));
    }

    // ---- tus

    private RequestSpecification tus() {
        return tus(ada);
    }

    private static RequestSpecification tus(String subject) {
        return as(subject).header("Tus-Resumable", VERSION);
    }

    private static String metadata(String... pairs) {
        var header = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            header.append(i == 0 ? "" : ",")
                    .append(pairs[i])
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(pairs[i + 1].getBytes(StandardCharsets.UTF_8)));
        }
        return header.toString();
    }

    private String metadata() {
        return metadata("ownerType", "user", "ownerId", ada, "role", "portrait", "filename", "me.png");
    }

    private RequestSpecification creation(long length) {
        return tus().header("Upload-Length", length).header("Upload-Metadata", metadata());
    }

    private String begun(long length) {
        String location = creation(length)
                .post("/uploads")
                .then()
                .statusCode(201)
                .header("Tus-Resumable", VERSION)
                .header("Upload-Offset", "0")
                .header("Upload-Expires", matchesPattern("\\w{3}, \\d\\d \\w{3} \\d{4} [0-9:]{8} GMT"))
                .extract()
                .header("Location");
        return location.substring(location.indexOf("/uploads/"));
    }

    private ValidatableResponse patch(String upload, int from, int to) {
        return tus().header("Upload-Offset", from)
                .contentType(BYTES)
                .body(slice(from, to))
                .patch(upload)
                .then()
                .header("Tus-Resumable", VERSION);
    }

    private ValidatableResponse head(String upload) {
        return tus().head(upload).then();
    }

    @Test
    void saysWhatOfTusThereIs() {
        given().options("/uploads")
                .then()
                .statusCode(204)
                .header("Tus-Resumable", VERSION)
                .header("Tus-Version", VERSION)
                .header("Tus-Max-Size", "25000000")
                .header("Tus-Checksum-Algorithm", "sha1,sha256")
                .header("Tus-Extension", "creation,creation-with-upload,expiration,checksum,termination");
    }

    @Test
    void anUploadGoesOnUntilItIsAnImage() {
        String upload = begun(png.length);
        patch(upload, 0, 50_000).statusCode(204).header("Upload-Offset", "50000");
        head(upload)
                .statusCode(200)
                .header("Upload-Offset", "50000")
                .header("Upload-Length", String.valueOf(png.length))
                .header("Upload-Metadata", metadata())
                .header("Cache-Control", "no-store")
                .header("Content-Location", nullValue());
        patch(upload, 0, 10).statusCode(409).body("detail", containsString("Upload-Offset: 50000"));
        patch(upload, 50_000, png.length)
                .statusCode(204)
                .header("Upload-Offset", String.valueOf(png.length))
                .header("Content-Location", containsString(image()));
        assertThat(given().get(image()).asByteArray()).isEqualTo(png);
        head(upload)
                .statusCode(200)
                .header("Upload-Offset", String.valueOf(png.length))
                .header("Content-Location", containsString(image()));
    }

    @Test
    void theFirstBytesMayComeWithTheCreation() {
        creation(png.length)
                .contentType(BYTES)
                .body(slice(0, 1_000))
                .post("/uploads")
                .then()
                .statusCode(201)
                .header("Upload-Offset", "1000");
        creation(png.length)
                .contentType(BYTES)
                .body(png)
                .post("/uploads")
                .then()
                .statusCode(201)
                .header("Upload-Offset", String.valueOf(png.length))
                .header("Content-Location", containsString(image()));
    }

    @Test
    void whatIsNoPictureIsRefusedWithTheLastByte() {
        byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
        String upload = begun(text.length);
        tus().header("Upload-Offset", 0)
                .contentType(BYTES)
                .body(text)
                .patch(upload)
                .then()
                .statusCode(422)
                .body("detail", containsString("convert it"));
        head(upload).statusCode(404);
    }

    @Test
    void bytesWithAnotherChecksumAreRefused() {
        String upload = begun(png.length);
        String right = "sha256 "
                + Base64.getEncoder().encodeToString(Sha256.of(slice(0, 1_000)).bytes());
        tus().header("Upload-Offset", 0)
                .header("Upload-Checksum", right)
                .contentType(BYTES)
                .body(slice(1, 1_001))
                .patch(upload)
                .then()
                .statusCode(460);
        head(upload).header("Upload-Offset", "0");
        tus().header("Upload-Offset", 0)
                .header("Upload-Checksum", right)
                .contentType(BYTES)
                .body(slice(0, 1_000))
                .patch(upload)
                .then()
                .statusCode(204)
                .header("Upload-Offset", "1000");
        tus().header("Upload-Offset", 1_000)
                .header("Upload-Checksum", "crc32 abcd")
                .contentType(BYTES)
                .body(slice(1_000, 1_001))
                .patch(upload)
                .then()
                .statusCode(400)
                .body("detail", containsString("sha1,sha256"));
    }

    @Test
    void anUploadIsGivenUp() {
        String upload = begun(png.length);
        patch(upload, 0, 10).statusCode(204);
        tus("bob").delete(upload).then().statusCode(404);
        tus().delete(upload).then().statusCode(204).header("Tus-Resumable", VERSION);
        head(upload).statusCode(404).header("Tus-Resumable", VERSION);
    }

    @Test
    void whoCannotPatchMayPost() {
        String upload = begun(png.length);
        tus().header("Upload-Offset", 0)
                .header("X-HTTP-Method-Override", "PATCH")
                .contentType(BYTES)
                .body(slice(0, 1_000))
                .post(upload)
                .then()
                .statusCode(204)
                .header("Upload-Offset", "1000");
        tus().header("X-HTTP-Method-Override", "DELETE").post(upload).then().statusCode(204);
        head(upload).statusCode(404);
    }

    @Test
    void aRequestThatIsWrongIsToldWhatToChange() {
        as(ada).header("Upload-Length", 1)
                .post("/uploads")
                .then()
                .statusCode(412)
                .header("Tus-Version", VERSION)
                .body("detail", containsString("Tus-Resumable: 1.0.0"));
        given().header("Tus-Resumable", VERSION)
                .post("/uploads")
                .then()
                .statusCode(401)
                .header("Tus-Resumable", VERSION);
        tus().header("Upload-Metadata", metadata()).post("/uploads").then().statusCode(400);
        creation(25_000_001).post("/uploads").then().statusCode(413);
        creation(0).post("/uploads").then().statusCode(400);
        tus().header("Upload-Defer-Length", 1).post("/uploads").then().statusCode(400);
        tus().header("Upload-Length", 10)
                .header("Upload-Metadata", "ownerType ***")
                .post("/uploads")
                .then()
                .statusCode(400);
        tus().header("Upload-Length", 10)
                .header("Upload-Metadata", metadata("ownerType", "user", "ownerId", "bob"))
                .post("/uploads")
                .then()
                .statusCode(403);
        creation(10).contentType("image/png").body(png).post("/uploads").then().statusCode(415);

        String upload = begun(1_000);
        tus().header("Upload-Offset", 0)
                .contentType("image/png")
                .body(png)
                .patch(upload)
                .then()
                .statusCode(415);
        tus().contentType(BYTES).body(png).patch(upload).then().statusCode(400);
        patch(upload, 0, 2_000).statusCode(413);
        patch(upload.substring(0, 9) + UUID.randomUUID(), 0, 10).statusCode(404);
        patch(upload, 0, 10).statusCode(204).header("Upload-Offset", "10");
    }

    @Test
    void tooManyUnfinishedOnesAreTooMany() {
        for (int i = 0; i < 20; i++) {
            begun(1_000);
        }
        creation(1_000).post("/uploads").then().statusCode(429).body("detail", containsString("20 unfinished"));
    }

    /** Has sent 30,000 bytes, and is still there. */
    private Socket hanging(String upload) throws IOException {
        var line = new Socket("localhost", RestAssured.port);
        line.getOutputStream()
                .write("""
                PATCH %s HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Tus-Resumable: 1.0.0\r
                Upload-Offset: 0\r
                Content-Type: %s\r
                Content-Length: %d\r
                \r
                """.formatted(upload, token(ada), BYTES, png.length).getBytes(StandardCharsets.UTF_8));
        line.getOutputStream().write(slice(0, 30_000));
        line.getOutputStream().flush();
        Awaitility.await().until(() -> head(upload).extract().statusCode() == 423);
        return line;
    }

    /** As a telephone does that comes out of a tunnel: the old connection is still open here. */
    @Test
    void whoComesAgainGetsInWhileTheOldLineHangs() throws IOException {
        String upload = begun(png.length);
        try (Socket old = hanging(upload)) {
            Awaitility.await().until(() -> head(upload).extract().statusCode() == 200);

            head(upload).header("Upload-Offset", "30000");
            patch(upload, 30_000, png.length).statusCode(204).header("Content-Location", containsString(image()));
            assertThat(old.isClosed()).isFalse();
        }
    }

    @Test
    void whatHadComeIsThereWhenTheLineBreaks() throws IOException {
        String upload = begun(png.length);
        hanging(upload).close();

        Awaitility.await().until(() -> head(upload).extract().statusCode() == 200);
        head(upload).header("Upload-Offset", "30000");
    }

    // ---- quotas

    /** The one of the tests has room for one of them. */
    @Test
    void whatIsOverTheQuotaIsRefusedInEachWay() {
        String stall = UUID.randomUUID().toString();
        byte[] another = png();
        post(stall, png).statusCode(201);
        post(stall, another)
                .statusCode(507)
                .contentType("application/problem+json")
                .body("detail", containsString("of 200,000 bytes"));
        operator()
                .multiPart("ownerType", "stall")
                .multiPart("ownerId", stall)
                .multiPart("a", "a.png", another)
                .post("/images")
                .then()
                .statusCode(507);
        operator()
                .header("Tus-Resumable", VERSION)
                .header("Upload-Length", another.length)
                .header("Upload-Metadata", metadata("ownerType", "stall", "ownerId", stall))
                .post("/uploads")
                .then()
                .statusCode(507);
        given().get("/images/" + Sha256.of(another)).then().statusCode(404);
    }

    private static RequestSpecification operator() {
        return as("an operator", Roles.OPERATOR);
    }

    private static ValidatableResponse post(String stall, byte[] image) {
        return operator()
                .queryParam("ownerType", "stall")
                .queryParam("ownerId", stall)
                .contentType("application/octet-stream")
                .body(image)
                .post("/images")
                .then();
    }
}
