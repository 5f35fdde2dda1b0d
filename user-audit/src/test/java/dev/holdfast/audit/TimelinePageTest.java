package dev.holdfast.audit;

import static dev.holdfast.audit.PageFixture.AUDITOR;
import static dev.holdfast.audit.PageFixture.as;
import static dev.holdfast.audit.PageFixture.token;
import static dev.holdfast.testkit.PageVisitor.look;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestSchema;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a history, as HTTP has it. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class TimelinePageTest {
    @Test
    void aPageIsKeptNowhereAndLoadsNothingFromElsewhere() {
        var ada = PageFixture.corrected();
        String page = look(AUDITOR, ada.page())
                .statusCode(200)
                .contentType("text/html")
                .header(
                        "Content-Security-Policy",
                        startsWith("default-src 'none'; style-src 'self'; script-src 'self'"))
                .header("Content-Security-Policy", containsString("form-action 'self'"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin")
                .header("Cache-Control", "no-store")
                .extract()
                .asString();
        assertThat(page).doesNotContain("http://", "https://", "<style", " style=", "<script>", "<img");
        for (String file : List.of("page.css", "timeline.css", "timeline.js", "icon.svg")) {
            given().get("/pages/" + file).then().statusCode(200).header("X-Content-Type-Options", "nosniff");
        }
    }

    @Test
    void whoMaySeeItIsWhoMaySeeTheHistory() {
        var ada = new PageFixture("ada@example.org");
        look(token(ada.user), ada.path("/timeline")).statusCode(200).body(containsString("ada@example.org"));
        look(token("mallory"), ada.page())
                .statusCode(403)
                .contentType("text/html")
                .body(containsString("may not read about others"), not(containsString("ada@example.org")));
        look(AUDITOR, ada.path("/timeline"))
                .statusCode(200)
                .body(containsString("Why do you read about somebody else?"), not(containsString("ada@example.org")));
        look(AUDITOR, ada.path("/timeline?purpose=%00")).statusCode(400).body(containsString("1 to 200 characters"));
        look(AUDITOR, ada.page()).statusCode(200);
        as(token(ada.user))
                .get(ada.path("/reads"))
                .then()
                .body("items.what", equalTo(List.of("history", "state")))
                .body("items.purpose", equalTo(List.of("Case 12", "Case 12")));
    }

    @Test
    void whatCannotBeAnsweredIsAPageToo() {
        var ada = new PageFixture("ada@example.org");
        look(AUDITOR, "/users/%s/email/timeline?purpose=test".formatted(UUID.randomUUID()))
                .statusCode(404)
                .contentType("text/html")
                .header("Content-Security-Policy", containsString("default-src"))
                .body(containsString("There is no user"));
        look(AUDITOR, ada.page() + "&asOf=yesterday")
                .statusCode(400)
                .contentType("text/html")
                .body(
                        containsString("asOf must be an instant such as 2026-01-31T12:00:00Z."),
                        containsString("value=\"yesterday\""),
                        containsString("value=\"Case 12\""));
        look(AUDITOR, ada.page() + "&validAt=%3Cb%3E").statusCode(400).body(containsString("value=\"&lt;b&gt;\""));
        look(AUDITOR, "/users/nobody/email/timeline").statusCode(400).contentType("text/html");
        look(AUDITOR, "/nowhere").statusCode(404).contentType("text/html");
    }

    @Test
    void theAnswerIsThatOfTheMoment() {
        var ada = PageFixture.corrected().awaitSeal();
        List<String> recorded = as(AUDITOR)
                .get(ada.path("/history?purpose=test"))
                .then()
                .extract()
                .path("items.recordedAt");
        look(AUDITOR, ada.page())
                .body(
                        containsString("<p class=\"address\">countess@example.org"),
                        containsString("This can still change"),
                        containsString("The chain holds"),
                        containsString("4 of 4 are in the signed tree."));
        look(AUDITOR, ada.page() + "&asOf=" + recorded.get(1))
                .body(
                        containsString("<p class=\"address\">ada@example.org"),
                        containsString("✓ verified"),
                        containsString("This answer is final."));
        look(AUDITOR, ada.page() + "&asOf=2020-01-01T00:00:00Z")
                .body(containsString("<p class=\"address\">No address"));
        look(AUDITOR, ada.page() + "&validAt=" + Instant.now().minusSeconds(86_400))
                .body(containsString("<p class=\"address\">right@example.org"));
        look(AUDITOR, ada.page() + "&step=3")
                .statusCode(303)
                .header("Location", containsString("asOf=" + recorded.get(2).replace(":", "%3A")));
        look(AUDITOR, ada.page() + "&step=5").statusCode(303).header("Location", not(containsString("asOf")));
        as(AUDITOR)
                .get(ada.path("/proof?purpose=test&version=4"))
                .then()
                .statusCode(200)
                .body("event.version", equalTo(4));
    }

    @Test
    void ofWhoIsForgottenNoAddressIsShown() {
        var ada = PageFixture.corrected().erase().awaitSeal();
        String page = look(AUDITOR, ada.page()).statusCode(200).extract().asString();
        assertThat(page)
                .contains("<p class=\"address\">Forgotten", "The chain holds")
                .doesNotContain("@");
    }

    @Test
    void whatSomebodyHasChangedIsNamed() {
        // Given
        var ada = PageFixture.corrected().awaitSeal();

        // When / Then
        for (String column : List.of("actor", "address")) {
            String page = ada.whileTampered(
                    "UPDATE audit.email_event SET %s WHERE user_id = '%s' AND version = 3"
                            .formatted(
                                    column.equals("actor")
                                            ? "actor = 'b'"
                                            : "address = set_byte(address, 20, get_byte(address, 20) # 1)",
                                    ada.user),
                    () -> look(AUDITOR, ada.page()).statusCode(200).extract().asString());
            assertThat(page)
                    .as(column)
                    .contains("Altered: version 3 is the first that is not as it was recorded")
                    .doesNotContain("The chain holds");
            assertThat(page.contains("Unreadable")).as(column).isEqualTo(column.equals("address"));
        }
        look(AUDITOR, ada.page()).body(containsString("The chain holds"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4})
    void whatSomebodyHasTakenAwayIsNamed(long version) {
        // Given
        var ada = PageFixture.corrected().awaitSeal();

        // When
        String page = ada.whileTampered(
                "DELETE FROM audit.email_event WHERE user_id = '%s' AND version = %d".formatted(ada.user, version),
                () -> look(AUDITOR, ada.page()).statusCode(200).extract().asString());

        // Then
        assertThat(page)
                .contains("version %d is the first that is not as it was recorded".formatted(version))
                .doesNotContain("The chain holds");
    }

    @Test
    void aPackThatCannotBeOpenedIsSaidToBeAlteredAndTheRestIsShown() {
        // Given
        var ada = PageFixture.corrected().awaitSeal();

        // When
        String page = ada.whileTampered(
                """
                INSERT INTO audit.email_pack
                SELECT user_id, 1, 2, min(recorded_at), max(recorded_at), NULL, sha256('x'), sha256('y'), sha256('neither')
                  FROM audit.email_event WHERE user_id = '%1$s' AND version <= 2 GROUP BY 1;
                DELETE FROM audit.email_event WHERE user_id = '%1$s' AND version <= 2""".formatted(ada.user),
                () -> look(AUDITOR, ada.page()).statusCode(200).extract().asString());

        // Then
        assertThat(page)
                .contains("Unreadable", "version 1 is the first that is not as it was recorded", "version 4 corrected")
                .doesNotContain("@");
    }

    @Test
    void aLongHistoryIsShownInWindows() {
        // Given
        var ada = new PageFixture("a1@example.org")
                .change("a2@example.org")
                .change("a3@example.org")
                .change("a4@example.org");
        new TestSchema("audit").executeAsAdmin("""
                SET search_path = audit;
                SELECT append_email_events(ARRAY['%s'::uuid], ARRAY[version], ARRAY[gen_random_uuid()], ARRAY['v'],
                                           ARRAY[NULL]::timestamptz[], ARRAY[NULL]::bytea[], ARRAY[NULL]::bytea[],
                                           ARRAY['an operator'], ARRAY[NULL]::text[], ARRAY['test'], NULL,
                                           ARRAY[NULL]::text[], ARRAY[NULL]::text[])
                  FROM generate_series(4::bigint, 503) AS version""".formatted(ada.user));

        // When / Then
        look(AUDITOR, ada.page())
                .body(
                        containsString("Versions 5 to 504 of 504 are drawn."),
                        containsString("&amp;purpose=Case+12\" rel=\"prev\">Earlier"),
                        not(containsString(">Later<")),
                        containsString("decided earlier"),
                        containsString("The chain holds"));
        look(AUDITOR, ada.page() + "&to=4")
                .body(
                        containsString("Versions 1 to 4 of 504 are drawn."),
                        containsString("rel=\"next\">Later"),
                        not(containsString(">Earlier<")),
                        containsString("a4@example.org"),
                        not(containsString("a5@example.org")));
    }
}
