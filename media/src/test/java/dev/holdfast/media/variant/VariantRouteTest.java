package dev.holdfast.media.variant;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.holdfast.local.tool.Token;
import dev.holdfast.media.Roles;
import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.SamplePictures;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variants as their users have them, with whatever engine is installed. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class VariantRouteTest {
    private static final String BROWSER = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";

    @Inject
    MeterRegistry meters;

    @Inject
    EngineInUse engine;

    private final String ada = UUID.randomUUID().toString();

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth().oauth2(new Token(subject, List.of(roles)).signed(Instant.now()));
    }

    /** One that nobody has uploaded yet. */
    private static BufferedImage picture(int width, int height) {
        BufferedImage image = SamplePictures.gradient(width, height);
        image.setRGB(width - 1, height - 1, new Random().nextInt());
        image.setRGB(width - 2, height - 1, new Random().nextInt());
        return image;
    }

    private String uploaded(byte[] bytes) {
        return "/images/"
                + as(ada).queryParam("ownerType", "user")
                        .queryParam("ownerId", ada)
                        .contentType("application/octet-stream")
                        .body(bytes)
                        .post("/images")
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("sha256");
    }

    private static Response image(String path) {
        return given().get(path).then().statusCode(200).extract().response();
    }

    private static BufferedImage decoded(Response response) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(response.asByteArray()));
    }

    private boolean writes(PictureFormat format) {
        return engine.get().await().atMost(Duration.ofSeconds(30)).writes().contains(format);
    }

    // ---- presets and formats

    @ParameterizedTest
    @CsvSource({"thumb,160,107", "card,480,320", "page,1200,800", "full,2000,1333"})
    void aPresetFitsIntoItsSquareAndIsNeverEnlarged(String preset, int width, int height) throws IOException {
        // Given
        String path = uploaded(SamplePictures.jpeg(picture(2000, 1333)));

        // When
        Response variant = image(path + "/" + preset);

        // Then
        assertThat(variant.contentType()).isEqualTo("image/jpeg");
        assertThat(variant.header("Vary")).isEqualToIgnoringCase("Accept");
        BufferedImage image = decoded(variant);
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(width, height);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "webp", "avif"})
    void aFormatIsAskedForByNameOrByPreference(String extension) {
        // Given
        String path = uploaded(SamplePictures.png(picture(300, 200)));
        PictureFormat format = Arrays.stream(PictureFormat.values())
                .filter(one -> one.extension().equals(extension))
                .findFirst()
                .orElseThrow();

        // When / Then
        ValidatableResponse named = given().get(path + "/thumb." + extension).then();
        if (!writes(format)) {
            named.statusCode(404).body("detail", containsString("Nothing is installed here"));
            return;
        }
        byte[] bytes = named.statusCode(200)
                .contentType(format.mime())
                .header("Vary", nullValue())
                .extract()
                .asByteArray();
        assertThat(PictureFormat.sniff(bytes)).contains(format);
        given().header("Accept", format.mime())
                .get(path + "/thumb")
                .then()
                .statusCode(200)
                .contentType(format.mime())
                .header("ETag", named.extract().header("ETag"));
    }

    @Test
    void aBrowserGetsWhatIsSmallest() {
        String path = uploaded(SamplePictures.jpeg(picture(300, 200)));
        given().header("Accept", BROWSER)
                .get(path + "/thumb")
                .then()
                .statusCode(200)
                .contentType(writes(PictureFormat.WEBP) ? "image/webp" : "image/jpeg");
    }

    @Test
    void whatIsSmallLiesInTheDatabaseAndHasVariantsAllTheSame() throws IOException {
        assertThat(decoded(image(uploaded(SamplePictures.jpeg(picture(60, 40))) + "/thumb"))
                        .getWidth())
                .isEqualTo(60);
    }

    @Test
    void aVariantIsUprightAndSaysNothingOfWhereItWasTaken() throws IOException {
        // Given
        byte[] jpeg = SamplePictures.withExif(SamplePictures.jpeg(picture(400, 200)), 6);
        String path = uploaded(jpeg);

        // When
        Response variant = image(path + "/thumb.jpg");

        // Then
        assertThat(new String(jpeg, StandardCharsets.ISO_8859_1)).contains("Exif");
        assertThat(new String(variant.asByteArray(), StandardCharsets.ISO_8859_1))
                .doesNotContain("Exif", "GPS");
        BufferedImage image = decoded(variant);
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(80, 160);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/huge", "/thumb.gif", "/thumb.", "/thumb.jpg.png", "/THUMB", "/thumb/jpg"})
    void whatIsNoVariantIsNotThere(String name) {
        as(ada).get(uploaded(SamplePictures.png(picture(20, 20))) + name).then().statusCode(404);
    }

    // ---- sizes that are signed

    @Test
    void anySizeIsServedOnceItIsSigned() throws IOException {
        // Given
        String path = uploaded(SamplePictures.jpeg(picture(2000, 1333)));

        // When
        String signed = as("a shop", Roles.SIGNER)
                .post(path + "/custom?w=500")
                .then()
                .statusCode(200)
                .extract()
                .path("path");

        // Then
        BufferedImage image = decoded(image(signed));
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(500, 333);
        refused(signed.replace("w=500", "w=501"));
        refused(signed.replace("contain", "cover").replace("h=0", "h=500"));
        refused(signed + "A");
        refused(signed.replaceFirst("&s=.*", ""));
        refused(signed.replace(path, uploaded(SamplePictures.jpeg(picture(100, 100)))));
    }

    private static void refused(String path) {
        given().get(path)
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store")
                .body("detail", containsString("not signed"))
                .body("detail", containsString("POST"));
    }

    @Test
    void notEverybodyMaySign() {
        String path = "/images/" + "0".repeat(64) + "/custom?w=500&h=300&fit=cover&format=png";
        given().post(path).then().statusCode(401);
        as(ada).post(path).then().statusCode(403);
        as("an operator", Roles.OPERATOR).post(path).then().statusCode(200).body("path", startsWith(path + "&s="));
        as("a shop", Roles.SIGNER)
                .post("/images/" + "0".repeat(64) + "/custom?w=1&fit=cover")
                .then()
                .statusCode(400)
                .body("detail", containsString("to cover, both"));
        as("a shop", Roles.SIGNER).post("/images/nonsense/custom?w=1").then().statusCode(400);
        given().get("/images/" + "0".repeat(64) + "/custom?w=many&s=x")
                .then()
                .statusCode(400)
                .body("detail", containsString("w is a number"));
    }

    // ---- what cannot be decoded

    @Test
    void aPictureWhosePixelsAreCutOffIsRefusedAndDecodedOnce() {
        // Given one whose header is right
        byte[] png = SamplePictures.png(picture(800, 600));
        String path = uploaded(Arrays.copyOf(png, png.length / 2));
        double before = meters.get("holdfast.media.variants.refused").counter().count();

        // When
        ValidatableResponse first = given().get(path + "/thumb").then();
        ValidatableResponse second = given().get(path + "/page.jpg").then();

        // Then
        for (ValidatableResponse answer : List.of(first, second)) {
            answer.statusCode(422)
                    .contentType("application/problem+json")
                    .header("Cache-Control", "no-store")
                    .header("ETag", nullValue())
                    .body("detail", containsString("Save it anew"));
        }
        assertThat(meters.get("holdfast.media.variants.refused").counter().count())
                .isEqualTo(before + 1);
    }

    // ---- serving

    /** Small ones come out of memory, and large ones out of their files. */
    @ParameterizedTest
    @CsvSource({"thumb.png,false", "page.png,true"})
    void aVariantIsServedAsOriginalsAre(String preset, boolean large) {
        // Given
        String path = uploaded(SamplePictures.png(noise(900, 600))) + "/" + preset;

        // When
        Response whole = image(path);

        // Then
        byte[] bytes = whole.asByteArray();
        assertThat(bytes.length > VariantCache.SMALL).isEqualTo(large);
        String tag = whole.header("ETag");
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(whole.header("Cache-Control")).contains("public", "max-age=").doesNotContain("immutable");
        assertThat(whole.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(whole.header("Content-Security-Policy")).contains("sandbox");
        given().header("If-None-Match", tag).get(path).then().statusCode(304).header("ETag", tag);
        given().head(path)
                .then()
                .statusCode(200)
                .header("Content-Length", String.valueOf(bytes.length))
                .header("ETag", tag);
        assertThat(part(path, "bytes=10-19", 206).asByteArray()).isEqualTo(Arrays.copyOfRange(bytes, 10, 20));
        assertThat(part(path, "bytes=-5", 206).asByteArray())
                .isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 5, bytes.length));
        part(path, "bytes=%d-".formatted(bytes.length), 416);
        given().header("Range", "bytes=0-0")
                .header("If-Range", "\"other\"")
                .get(path)
                .then()
                .statusCode(200);
        String parts = new String(
                part(path, "bytes=0-9,100-%d".formatted(bytes.length - 2), 206).asByteArray(),
                StandardCharsets.ISO_8859_1);
        assertThat(parts)
                .contains(
                        new String(Arrays.copyOfRange(bytes, 0, 10), StandardCharsets.ISO_8859_1),
                        new String(Arrays.copyOfRange(bytes, 100, bytes.length - 1), StandardCharsets.ISO_8859_1));
    }

    private static BufferedImage noise(int width, int height) {
        var random = new Random();
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }

    private static Response part(String path, String range, int status) {
        return given().header("Range", range)
                .get(path)
                .then()
                .statusCode(status)
                .extract()
                .response();
    }

    // ---- images that are gone

    @Test
    void anImageThatIsGoneHasNoVariantsAnyMore() {
        // Given
        String path = uploaded(SamplePictures.jpeg(picture(300, 200)));
        image(path + "/thumb");
        new TestSchema("media").executeAsAdmin("DELETE FROM media.media_ref WHERE owner_id = '%s'".formatted(ada));

        // When
        as("an operator", Roles.OPERATOR).post("/sweeps").then().statusCode(200);

        // Then
        for (String name : List.of("/thumb", "/page")) {
            given().get(path + name)
                    .then()
                    .statusCode(404)
                    .header("ETag", nullValue())
                    .header("Cache-Control", "no-store")
                    .body("detail", containsString("There is no image"));
        }
    }

    @Test
    void anImageThatNeverWasHasNone() {
        given().get("/images/" + "0".repeat(64) + "/thumb")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("status", equalTo(404))
                .body("detail", not(containsString("openapi")));
    }
}
