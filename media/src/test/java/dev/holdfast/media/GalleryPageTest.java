package dev.holdfast.media;

import static dev.holdfast.media.GalleryFixture.OPERATOR;
import static dev.holdfast.media.GalleryFixture.png;
import static dev.holdfast.media.GalleryFixture.token;
import static dev.holdfast.testkit.PageVisitor.COOKIE;
import static dev.holdfast.testkit.PageVisitor.browser;
import static dev.holdfast.testkit.PageVisitor.look;
import static dev.holdfast.testkit.PageVisitor.onPage;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.holdfast.testkit.ServersForQuarkus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of images, orphans and stores, as HTTP has them. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class GalleryPageTest {
    private static final Pattern CARD = Pattern.compile("<li class=\"picture-card\" id=\"i([0-9a-f]{64})\"");

    private final GalleryFixture ada = new GalleryFixture();

    private static List<String> hashes(String page) {
        return CARD.matcher(page)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String page(String token, String path) {
        return look(token, path).statusCode(200).extract().asString();
    }

    private static ValidatableResponse detach(String token, String hash, String owner) {
        return onPage(token)
                .formParam("sha256", hash)
                .formParam("ownerType", "user")
                .formParam("ownerId", owner)
                .formParam("role", "portrait")
                .post("/gallery/detach")
                .then();
    }

    // ---- images

    @Test
    void aPageIsKeptNowhereAndLoadsNothingFromElsewhere() {
        ada.keep(png(300, 200), "portrait");
        for (String path : List.of("/gallery", "/gallery/orphans", "/gallery/stores")) {
            String page = look(OPERATOR, path)
                    .statusCode(200)
                    .contentType("text/html")
                    .header(
                            "Content-Security-Policy",
                            startsWith("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'"))
                    .header("Cache-Control", "no-store")
                    .extract()
                    .asString();
            assertThat(page).doesNotContain("http://", "https://", "<style", " style=", "<script>");
        }
        for (String file : List.of("page.css", "gallery.css", "gallery.js")) {
            given().get("/pages/" + file).then().statusCode(200).header("X-Content-Type-Options", "nosniff");
        }
    }

    @Test
    void anImageIsShownWithAllThatIsToldOfIt() {
        String hash = ada.keep(png(320, 80), "<b>portrait</b>");
        assertThat(page(ada.token, "/gallery"))
                .contains(
                        "<code title=\"%s\">%s…</code>".formatted(hash, hash.substring(0, 12)),
                        "PNG, 320 × 80, ",
                        "<span class=\"store files\">files</span>",
                        "href=\"/images/%s\"".formatted(hash),
                        "as &lt;b&gt;portrait&lt;/b&gt;",
                        "href=\"/images/%s/card.webp\"".formatted(hash))
                .containsPattern("<img src=\"/images/%s/thumb\"[^>]*\\s+width=\"160\" height=\"40\" loading=\"lazy\""
                        .formatted(hash));
    }

    @Test
    void usersSeeWhatIsTheirsAndOperatorsAll() {
        // Given an image that two have
        byte[] image = png(120, 120);
        String hash = ada.keep(image, "portrait");
        var bob = new GalleryFixture();
        bob.keep(image, "portrait");

        // When / Then
        assertThat(page(ada.token, "/gallery")).contains(hash, ada.user).doesNotContain(bob.user, "/gallery/orphans");
        assertThat(page(new GalleryFixture().token, "/gallery"))
                .contains("There is no image yet.")
                .doesNotContain(hash);
        assertThat(page(OPERATOR, "/gallery")).contains(hash, ada.user, bob.user, "/gallery/orphans");
        browser().get("/gallery").then().statusCode(303).header("Location", containsString("/sign-in?next=%2Fgallery"));
        for (String path : List.of("/gallery/orphans", "/gallery/stores")) {
            look(ada.token, path).statusCode(403).contentType("text/html");
            onPage(ada.token).post(path).then().statusCode(403);
        }
    }

    @Test
    void manyImagesComeInPagesWithTheNewestFirst() {
        // Given
        var kept = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            kept.add(ada.keep(png(8, 8), "portrait"));
        }

        // When
        String first = page(ada.token, "/gallery");
        String older = first.replaceFirst("(?s).*href=\"(/gallery\\?before=[0-9a-f-]+)\" rel=\"next\".*", "$1");
        String second = page(ada.token, older);

        // Then
        assertThat(hashes(first)).isEqualTo(kept.reversed().subList(0, 24));
        assertThat(hashes(second)).isEqualTo(kept.reversed().subList(24, 30));
        assertThat(second).doesNotContain("rel=\"next\"").contains("<a href=\"/gallery\">Newest</a>");
        look(ada.token, "/gallery?before=yesterday").statusCode(400).contentType("text/html");
        var all = new HashSet<String>(hashes(page(OPERATOR, "/gallery")));
        assertThat(all).hasSize(24).containsAll(hashes(first));
    }

    @Test
    void ofManyWhoUseAnImageAFewAreNamed() {
        byte[] image = png(90, 90);
        String hash = "";
        for (int i = 0; i < 7; i++) {
            hash = ada.keep(image, "role-" + i);
        }
        assertThat(page(ada.token, "/gallery"))
                .contains("role-4", "href=\"/images/%s/references\">and more".formatted(hash))
                .doesNotContain("role-5");
    }

    @Test
    void aFormDetachesForWhoeverMayDoSo() {
        // Given
        String hash = ada.keep(png(70, 70), "portrait");

        // When / Then
        detach(token("mallory"), hash, ada.user).statusCode(403).contentType("text/html");
        given().redirects()
                .follow(false)
                .cookie(COOKIE, ada.token)
                .header("Sec-Fetch-Site", "same-site")
                .formParam("sha256", hash)
                .post("/gallery/detach")
                .then()
                .statusCode(401);
        browser().post("/gallery/detach").then().statusCode(303).header("Location", endsWith("/sign-in?next=/sign-in"));
        assertThat(page(ada.token, "/gallery")).contains(hash);
        detach(ada.token, hash, ada.user).statusCode(303).header("Location", endsWith("/gallery"));
        assertThat(page(ada.token, "/gallery")).doesNotContain(hash);
        assertThat(page(OPERATOR, "/gallery")).contains("Nobody uses it: the next sweep takes it away.");
        detach(ada.token, "nonsense", ada.user).statusCode(400).contentType("text/html");
    }

    @Test
    void whoSendsAFormIsLedBackToTheGalleryAndAProgramIsToldOfTheImage() {
        byte[] image = png(60, 60);
        onPage(ada.token)
                .multiPart("ownerType", "user")
                .multiPart("ownerId", ada.user)
                .multiPart("role", "portrait")
                .multiPart("file", "a.png", image, "image/png")
                .post("/images")
                .then()
                .statusCode(303)
                .header("Location", endsWith("/gallery"));
        assertThat(hashes(page(ada.token, "/gallery"))).hasSize(1);
        onPage(ada.token)
                .multiPart("ownerType", "user")
                .multiPart("ownerId", ada.user)
                .multiPart("file", "a.png", "no image".getBytes(StandardCharsets.UTF_8), "image/png")
                .post("/images")
                .then()
                .statusCode(422)
                .contentType("text/html");
        onPage(ada.token)
                .accept("application/json")
                .multiPart("ownerType", "user")
                .multiPart("ownerId", ada.user)
                .multiPart("file", "a.png", image, "image/png")
                .post("/images")
                .then()
                .statusCode(200)
                .body("width", equalTo(60));
    }

    // ---- orphans

    @Test
    void aSweepIsShownWithBothStates() {
        // Given
        String hash = ada.keep(png(150, 20), "portrait");
        detach(ada.token, hash, ada.user);
        assertThat(page(OPERATOR, "/gallery/orphans")).contains("The next sweep deletes this.");

        // When
        String swept = onPage(OPERATOR)
                .post("/gallery/orphans")
                .then()
                .statusCode(200)
                .extract()
                .asString();

        // Then
        assertThat(swept)
                .containsPattern("that nobody uses any more</span></th><td class=\"number before\">[1-9]")
                .containsPattern(
                        "that nobody uses any more</span></th><td class=\"number before\">\\d+</td><td class=\"number now\">0<")
                .contains("Nothing: whatever is stored has an owner now.");
        given().get("/images/" + hash).then().statusCode(404);
        assertThat(page(OPERATOR, "/gallery")).doesNotContain(hash);
    }

    // ---- stores

    @Test
    void theStoresAreComparedOnWhatIsKept() {
        // Given
        ada.keep(png(400, 400), "portrait");
        ada.keep(png(500, 400), "landscape");

        // When
        given().auth()
                .oauth2(OPERATOR)
                .post("/comparisons?images=3")
                .then()
                .statusCode(200)
                .body("stores.store", equalTo(List.of("files", "postgres")))
                .body("stores[0].spacePerByte", greaterThanOrEqualTo(1f))
                .body("stores[1].walPerByte", greaterThan(1f))
                .body("stores[1].write.medianMs", greaterThan(0f))
                .body("stores[1].backupMegabytesPerSecond", greaterThan(0f));
        onPage(OPERATOR)
                .formParam("images", 2)
                .post("/gallery/stores")
                .then()
                .statusCode(303)
                .header("Location", endsWith("/gallery/stores"));

        // Then
        given().auth()
                .oauth2(OPERATOR)
                .get("/comparisons/latest")
                .then()
                .statusCode(200)
                .body("images", equalTo(2));
        assertThat(page(OPERATOR, "/gallery/stores"))
                .contains("2 images, ", "<rect class=\"measured postgres\"", "<desc id=\"wal-text\">files ")
                .contains("MB a second; longer is better");
        given().auth().oauth2(OPERATOR).get("/orphans").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 101})
    void aSampleHasAsManyImagesAsItMay(int images) {
        given().auth()
                .oauth2(OPERATOR)
                .post("/comparisons?images=" + images)
                .then()
                .statusCode(400)
                .body("detail", equalTo("images must be 1 to 100."));
        onPage(OPERATOR)
                .formParam("images", images)
                .post("/gallery/stores")
                .then()
                .statusCode(400)
                .contentType("text/html");
    }

    @ParameterizedTest
    @CsvSource({"POST, /comparisons", "GET, /comparisons/latest"})
    void onlyOperatorsCompare(String method, String path) {
        given().auth().oauth2(ada.token).request(method, path).then().statusCode(403);
        given().request(method, path).then().statusCode(401).body(not(containsString("html")));
    }
}
