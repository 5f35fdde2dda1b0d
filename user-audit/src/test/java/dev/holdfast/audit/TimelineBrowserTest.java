package dev.holdfast.audit;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.holdfast.audit.PageFixture.AUDITOR;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.holdfast.testkit.Browser;
import dev.holdfast.testkit.PageChecks;
import dev.holdfast.testkit.ServersForQuarkus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page as people use it: with keys, without scripts, in the dark, on a phone. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class TimelineBrowserTest {
    @TestHTTPResource("/")
    URL root;

    private Browser browser;
    private PageFixture ada;

    @BeforeEach
    void open() {
        browser = Browser.open();
        ada = PageFixture.corrected().awaitSeal();
    }

    @AfterEach
    void close() {
        if (browser != null) {
            List<String> complaints = List.copyOf(browser.complaints());
            browser.close();
            assertThat(complaints).as("what the browser complained of").isEmpty();
        }
    }

    /** Signed in, on the page. */
    private Page look(NewContextOptions options) {
        Page page = browser.page(options.setBaseURL(root.toString()));
        page.navigate(ada.page());
        page.getByLabel("Token").fill(AUDITOR);
        page.getByLabel("Token").press("Enter");
        page.waitForURL(Pattern.compile(".*/timeline\\?.*"));
        return page;
    }

    private Page look() {
        return look(new NewContextOptions());
    }

    private static Locator address(Page page) {
        return page.locator("#answer .address");
    }

    private static Locator slider(Page page) {
        return page.getByRole(AriaRole.SLIDER, new Page.GetByRoleOptions().setName("As of"));
    }

    @Test
    void whoSignsInIsLedToThePageAndOutAgain() {
        Page page = look();
        assertThat(page).hasURL(Pattern.compile(".*" + ada.user + "/email/timeline\\?purpose=Case\\+12$"));
        assertThat(address(page)).containsText("countess@example.org");
        page.getByText("Sign out").click();
        assertThat(page).hasURL(Pattern.compile(".*/sign-in$"));
        page.navigate(ada.page());
        assertThat(page).hasURL(Pattern.compile(".*/sign-in\\?next=.*"));
    }

    @Test
    void theSliderTravelsByArrowKeys() {
        // Given
        Page page = look();
        slider(page).focus();
        assertThat(slider(page)).hasAttribute("aria-valuetext", "now");

        // When / Then
        page.keyboard().press("ArrowLeft");
        assertThat(slider(page)).hasAttribute("aria-valuetext", Pattern.compile(".*, version 4 corrected"));
        page.keyboard().press("ArrowLeft");
        page.keyboard().press("ArrowLeft");
        assertThat(address(page)).containsText("ada@example.org");
        assertThat(address(page)).containsText("✓ verified");
        assertThat(page.locator("#moment")).containsText("version 2 verified");
        assertThat(page).hasURL(Pattern.compile(".*asOf=20.*"));
        assertThat(slider(page)).isFocused();
        assertThat(page.locator(".mark.later")).hasCount(2);
        assertThat(page.locator("tr[aria-current]")).containsText("verified");
        page.keyboard().press("End");
        assertThat(address(page)).containsText("countess@example.org");
        assertThat(page).not().hasURL(Pattern.compile(".*asOf=20.*"));
        page.reload();
        assertThat(slider(page)).hasAttribute("aria-valuetext", "now");
    }

    @Test
    void aCorrectionIsSeenFromItsMarkToItsBar() {
        // Given
        Page page = look();

        // When
        var mark = page.locator("#picture use.sign.corrected").boundingBox();
        var strip = page.locator("#picture rect.strip").boundingBox();
        var bar = page.locator("#picture .bar-address", new Page.LocatorOptions().setHasText("right@example.org"))
                .first()
                .locator("rect")
                .boundingBox();

        // Then
        assertThat(strip.x + strip.width).isCloseTo(mark.x + mark.width / 2, within());
        assertThat(strip.x).isCloseTo(bar.x, within());
        assertThat(mark.y + mark.height).isLessThan(strip.y);
        assertThat(strip.y + strip.height).isLessThan(bar.y);
        assertThat(page.locator("#picture rect.strip")).hasAttribute("fill", "url(#believed)");
        assertThat(page.locator("#picture .leads")).hasCount(2);
        assertThat(page.locator("#picture .label-gap").first()).hasText("no address");
        slider(page).focus();
        page.keyboard().press("Home");
        assertThat(page.locator("#picture rect.strip")).hasCount(0);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(3.0);
    }

    @Test
    void tabReachesEverythingAndShowsWhereItIs() {
        // Given
        Page page = look();

        // When
        List<String> reached = PageChecks.tabbed(page);

        // Then
        assertThat(reached).hasSizeGreaterThan(12).isEqualTo(PageChecks.allInOrder(page));
    }

    @Test
    void everythingHasANameAndEveryReferenceLeadsSomewhere() {
        Page page = look();
        assertThat(PageChecks.nameless(page)).isEmpty();
        page.navigate("/sign-in");
        assertThat(PageChecks.nameless(page)).isEmpty();
        page.navigate(ada.path("/timeline?purpose=test&asOf=yesterday"));
        assertThat(PageChecks.nameless(page)).isEmpty();
        browser.complaints().removeIf(one -> one.contains("400 (Bad Request)"));
    }

    @Test
    void whatPeopleWroteIsText() {
        Page page = look();
        assertThat(page.locator("#events")).containsText("<script>document.title='run'</script>");
        assertThat(page.locator("#events")).containsText("<img src=x onerror=\"document.title='run'\">");
        slider(page).focus();
        page.keyboard().press("ArrowLeft");
        assertThat(page).hasURL(Pattern.compile(".*asOf=20.*"));
        assertThat(page.title()).startsWith("E-mail history");
        assertThat(page.locator("main script, main img")).hasCount(0);
    }

    @Test
    void itTravelsWithoutScripts() {
        // Given
        Page page = look(new NewContextOptions().setJavaScriptEnabled(false));

        // When
        slider(page).focus();
        page.keyboard().press("Home");
        page.locator("#travel button").click();

        // Then
        assertThat(page).hasURL(Pattern.compile(".*asOf=20.*"));
        assertThat(address(page)).containsText("ada@example.org");
        assertThat(page.locator("#moment")).containsText("version 1 registered");
        assertThat(slider(page)).hasValue("1");
        page.getByLabel("As of version 3").click();
        assertThat(address(page)).containsText("countess@example.org");
    }

    @Test
    void whoReadsAboutOthersIsAskedWhy() {
        Page page = look();
        page.navigate(ada.path("/timeline"));
        page.getByLabel("Why do you read about somebody else?").fill("Case 13");
        page.keyboard().press("Enter");
        assertThat(address(page)).containsText("countess@example.org");
        assertThat(page).hasURL(Pattern.compile(".*purpose=Case\\+13$"));
    }

    @Test
    void itFitsAPhoneAndTheDark() {
        Page page = look();
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/timeline.png"))
                .setFullPage(true));
        Page dark = look(new NewContextOptions().setColorScheme(ColorScheme.DARK));
        dark.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/timeline-dark.png"))
                .setFullPage(true));
        Page phone = look(new NewContextOptions().setViewportSize(400, 800));
        phone.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/timeline-400.png"))
                .setFullPage(true));
        assertThat(dark.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(page.evaluate("getComputedStyle(document.body).backgroundColor"));
        assertThat(phone.evaluate("document.documentElement.scrollWidth")).isEqualTo(400);
    }
}
