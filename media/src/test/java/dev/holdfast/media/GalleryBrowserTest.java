package dev.holdfast.media;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.holdfast.media.GalleryFixture.OPERATOR;
import static dev.holdfast.media.GalleryFixture.png;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FilePayload;
import dev.holdfast.testkit.Browser;
import dev.holdfast.testkit.PageChecks;
import dev.holdfast.testkit.PageVisitor;
import dev.holdfast.testkit.ServersForQuarkus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages as people use them: with keys, without scripts, in the dark, on a phone. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class GalleryBrowserTest {
    @TestHTTPResource("/")
    URL root;

    private static Browser browser;

    private final GalleryFixture ada = new GalleryFixture();

    @BeforeAll
    static void open() {
        browser = Browser.open();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void noComplaints() {
        List<String> complaints = List.copyOf(browser.complaints());
        browser.complaints().clear();
        assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    /** Of somebody who has signed in. */
    private Page look(String token, String path, NewContextOptions options) {
        Page page = browser.page(options.setBaseURL(root.toString()));
        page.context().addCookies(List.of(new Cookie(PageVisitor.COOKIE, token).setUrl(root.toString())));
        page.navigate(path);
        return page;
    }

    private Page look(String token, String path) {
        return look(token, path, new NewContextOptions());
    }

    /** By the form that the page leads to. */
    private Page signIn(String token, String path) {
        Page page = browser.page(new NewContextOptions().setBaseURL(root.toString()));
        page.navigate(path);
        page.getByLabel("Token").fill(token);
        page.getByLabel("Token").press("Enter");
        page.waitForURL("**" + path);
        return page;
    }

    private static Locator card(Page page, String hash) {
        return page.locator("#i" + hash);
    }

    /** The hash of what was added. */
    private static String upload(Page page, byte[] image) {
        page.getByLabel("File").setInputFiles(new FilePayload("picture.png", "image/png", image));
        page.getByText("Upload", new Page.GetByTextOptions().setExact(true)).click();
        Locator cards = page.locator(".picture-card");
        assertThat(cards).hasCount(1);
        return cards.getAttribute("id").substring(1);
    }

    @Test
    void anImageGoesFromTheFormToTheSweep() {
        // Given
        Page page = signIn(ada.token, "/gallery");
        assertThat(page.locator("#images")).containsText("There is no image yet.");

        // When it is uploaded
        String hash = upload(page, png(900, 600));

        // Then its variants can be had
        assertThat(page.locator("#kept")).hasText("picture.png is kept.");
        assertThat(page.getByLabel("Uploading")).isHidden();
        assertThat(page.locator("#progress")).hasJSProperty("value", 1.0);
        card(page, hash).getByText("Variants").click();
        assertThat((Boolean) page.evaluate("""
                async hash => {
                  const image = document.querySelector(`#i${hash} img`);
                  await image.decode();
                  return image.naturalWidth === 160 && image.naturalHeight === 107;
                }""", hash)).isTrue();
        assertThat(card(page, hash).locator(".sizes a")).hasCount(16);
        assertThat(page.request()
                        .get("/images/%s/card.webp".formatted(hash))
                        .headers()
                        .get("content-type"))
                .isEqualTo("image/webp");
        page.reload();
        assertThat(card(page, hash).getByLabel(Pattern.compile("card as webp, .*B")))
                .hasCount(1);

        // When it is detached and swept
        card(page, hash).getByLabel(Pattern.compile("Detach user " + ada.user)).click();
        assertThat(card(page, hash)).hasCount(0);
        Page orphans = look(OPERATOR, "/gallery/orphans");
        assertThat(orphans.locator("tbody tr").first().locator(".now")).hasText(Pattern.compile("[1-9]\\d*"));
        orphans.getByText("Sweep", new Page.GetByTextOptions().setExact(true)).click();

        // Then it is gone
        assertThat(orphans.locator("tbody tr").first().locator(".before")).hasText(Pattern.compile("[1-9]\\d*"));
        assertThat(orphans.locator("tbody tr").first().locator(".now")).hasText("0");
        assertThat(orphans.getByRole(AriaRole.STATUS)).containsText("Nothing");
        assertThat(orphans.request().get("/images/" + hash).status()).isEqualTo(404);
    }

    @Test
    void whatIsWrongWithAnUploadIsSaidBesideItsField() {
        // Given
        Page page = look(ada.token, "/gallery");

        // When
        page.getByLabel("File")
                .setInputFiles(new FilePayload("a.png", "image/png", "no image".getBytes(StandardCharsets.UTF_8)));
        page.getByLabel("File").focus();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");

        // Then
        assertThat(page.locator("#wrong")).not().isEmpty();
        assertThat(page.getByLabel("File")).hasAttribute("aria-describedby", "hint wrong");
        assertThat(page.getByLabel("File")).hasAttribute("aria-invalid", "");
        browser.complaints().removeIf(one -> one.contains("422"));
    }

    @Test
    void itWorksWithoutScripts() {
        // Given
        Page page = look(ada.token, "/gallery", new NewContextOptions().setJavaScriptEnabled(false));

        // When / Then
        String hash = upload(page, png(200, 100));
        assertThat(page).hasURL(Pattern.compile(".*/gallery$"));
        card(page, hash).getByText("Detach").click();
        assertThat(page).hasURL(Pattern.compile(".*/gallery$"));
        assertThat(page.locator(".picture-card")).hasCount(0);
    }

    @Test
    void theComparisonIsDrawn() {
        // Given
        ada.keep(png(700, 500), "portrait");
        ada.keep(png(20, 20), "portrait");
        Page page = look(OPERATOR, "/gallery/stores");

        // When
        page.getByLabel("Images").fill("5");
        page.getByText("Compare on my images").click();

        // Then
        assertThat(page.locator(".charts svg")).hasCount(5);
        for (Locator bar : page.locator(".charts rect").all()) {
            assertThat(bar.boundingBox().x).isGreaterThan(0);
        }
        Locator wal = page.locator("[aria-labelledby^='wal-'] rect.postgres");
        assertThat(wal.boundingBox().width).isGreaterThan(100);
        assertThat(page.locator(".numbers tbody tr")).hasCount(2);
        assertThat(page.locator(".numbers tbody tr").last())
                .containsText(
                        page.locator("[aria-labelledby^='backup-'] text").last().textContent());
        assertThat(PageChecks.nameless(page)).isEmpty();
        shoot(page, "stores");
    }

    @Test
    void tabReachesEverythingAndEverythingHasAName() {
        ada.keep(png(300, 300), "portrait");
        Page page = look(ada.token, "/gallery");
        assertThat(PageChecks.nameless(page)).isEmpty();
        assertThat(PageChecks.tabbed(page)).hasSizeGreaterThan(6).isEqualTo(PageChecks.allInOrder(page));
        for (String path : List.of("/gallery", "/gallery/orphans")) {
            assertThat(PageChecks.nameless(look(OPERATOR, path))).isEmpty();
        }
    }

    @Test
    void itFitsAPhoneAndTheDark() throws IOException {
        // Given
        ada.keep(png(640, 480), "portrait");
        ada.keep(png(300, 900), "a-rather-long-role-that-nobody-asked-for");
        ada.keep(png(10, 10), "icon");

        // When
        Page page = look(ada.token, "/gallery");
        Page dark = look(OPERATOR, "/gallery", new NewContextOptions().setColorScheme(ColorScheme.DARK));
        Page phone = look(ada.token, "/gallery", new NewContextOptions().setViewportSize(400, 800));
        phone.locator("summary").first().click();

        // Then
        assertThat(coloursOf(shoot(page, "gallery"))).isGreaterThan(100);
        shoot(dark, "gallery-dark");
        shoot(phone, "gallery-400");
        assertThat(dark.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(page.evaluate("getComputedStyle(document.body).backgroundColor"));
        for (String path : List.of("/gallery", "/gallery/orphans", "/gallery/stores")) {
            Page small = look(OPERATOR, path, new NewContextOptions().setViewportSize(400, 800));
            assertThat(small.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isEqualTo(400);
            shoot(small, path.replaceAll(".*/", "small-"));
        }
    }

    private static byte[] shoot(Page page, String name) {
        return page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/gallery/%s.png".formatted(name)))
                .setFullPage(true));
    }

    private static long coloursOf(byte[] screenshot) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(screenshot));
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }
}
