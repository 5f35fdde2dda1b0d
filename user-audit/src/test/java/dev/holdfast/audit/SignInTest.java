package dev.holdfast.audit;

import static dev.holdfast.audit.PageFixture.AUDITOR;
import static dev.holdfast.audit.PageFixture.as;
import static dev.holdfast.audit.PageFixture.token;
import static dev.holdfast.testkit.PageVisitor.COOKIE;
import static dev.holdfast.testkit.PageVisitor.browser;
import static dev.holdfast.testkit.PageVisitor.look;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.ServersForQuarkus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a browser signs in, and what its cookie is good for. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class SignInTest {
    private static ValidatableResponse signIn(String token, String next) {
        return browser()
                .formParam("token", token)
                .formParam("next", next)
                .post("/sign-in")
                .then();
    }

    @Test
    void aBrowserIsSentToSignInAndAProgramIsTold() {
        var ada = new PageFixture("ada@example.org");
        browser()
                .get(ada.path("?asOf=2026-01-31T12:00:00Z"))
                .then()
                .statusCode(303)
                .contentType("text/html")
                .header("Location", containsString("/sign-in?next=%2Fusers%2F" + ada.user))
                .header("Location", containsString("asOf%3D2026-01-31T12"));
        given().get(ada.path(""))
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer");
    }

    @Test
    void aTokenBecomesACookieThatLivesAsLong() {
        signIn(" " + AUDITOR + "\n", "/users/1/email?a=b")
                .statusCode(303)
                .header("Location", containsString("/users/1/email?a=b"))
                .header("Set-Cookie", startsWith(COOKIE + "=" + AUDITOR))
                .header("Set-Cookie", containsString("Path=/"))
                .header("Set-Cookie", containsString("HttpOnly"))
                .header("Set-Cookie", containsString("SameSite=Strict"))
                .header("Set-Cookie", not(containsString("Secure")));
        String age = signIn(AUDITOR, "/").extract().header("Set-Cookie").replaceAll(".*Max-Age=(\\d+).*", "$1");
        assertThat(Integer.parseInt(age)).isBetween(11 * 3_600, 12 * 3_600);
        browser()
                .header("Host", "audit.example.org")
                .formParam("token", AUDITOR)
                .post("/sign-in")
                .then()
                .statusCode(303)
                .header("Set-Cookie", containsString("Secure"));
        browser()
                .cookie(COOKIE, AUDITOR)
                .post("/sign-out")
                .then()
                .statusCode(303)
                .header("Set-Cookie", allOf(startsWith(COOKIE + "="), containsString("Max-Age=0")));
    }

    @Test
    void aTokenThatIsNoneIsAskedForAgain() {
        String expired = new Token("late", List.of()).signed(Instant.now().minusSeconds(13 * 3_600));
        for (String bad : List.of("nonsense", expired, AUDITOR + "x")) {
            signIn(bad, "/here")
                    .statusCode(401)
                    .body(containsString("may have expired"), containsString("value=\"/here\""))
                    .header("Set-Cookie", equalTo(null));
        }
        signIn("  ", "/here").statusCode(400).body(containsString("the field was empty"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "/\\evil.example", "https://evil.example"})
    void signingInLeadsNowhereElse(String next) {
        signIn(AUDITOR, next).statusCode(400).header("Location", equalTo(null));
        browser().queryParam("next", next).get("/sign-in").then().statusCode(400);
    }

    @Test
    void theFormSaysWhoOneIs() {
        look(AUDITOR, "/sign-in").statusCode(200).body(containsString("signed in as <strong>an auditor</strong>"));
        look("nonsense", "/sign-in").statusCode(200).body(not(containsString("signed in as")));
    }

    /** SameSite keeps other sites' requests without the cookie; another port of this host is no other site. */
    @Test
    void aCookieChangesNothingUnlessOurOwnPageAsks() {
        var ada = new PageFixture("ada@example.org");
        RequestSpecification change = given().cookie(COOKIE, token(ada.user))
                .contentType("application/json")
                .body("{\"address\":\"b@example.org\"}")
                .header("Idempotency-Key", UUID.randomUUID())
                .header("If-Match", "\"1\"");
        given().spec(change).put(ada.path("")).then().statusCode(401);
        for (String from : List.of("same-site", "cross-site", "none")) {
            given().spec(change)
                    .header("Sec-Fetch-Site", from)
                    .put(ada.path(""))
                    .then()
                    .statusCode(401);
        }
        browser()
                .header("Sec-Fetch-Site", "cross-site")
                .formParam("token", AUDITOR)
                .post("/sign-in")
                .then()
                .statusCode(403)
                .header("Set-Cookie", equalTo(null));
        given().spec(change)
                .header("Sec-Fetch-Site", "same-origin")
                .put(ada.path(""))
                .then()
                .statusCode(200);
    }

    @Test
    void aHeaderWinsOverACookie() {
        var ada = new PageFixture("ada@example.org");
        as(token(ada.user))
                .cookie(COOKIE, token("mallory"))
                .get(ada.path(""))
                .then()
                .statusCode(200);
        as(token("mallory"))
                .cookie(COOKIE, token(ada.user))
                .get(ada.path(""))
                .then()
                .statusCode(403);
    }
}
