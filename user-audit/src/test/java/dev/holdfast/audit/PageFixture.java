package dev.holdfast.audit;

import static io.restassured.RestAssured.given;

import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.TestSchema;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** A user with a history, and whoever looks at it. */
final class PageFixture {
    static final String AUDITOR = token("an auditor", Roles.AUDITOR);
    private static final String ODD_NAME = "<img src=x onerror=\"document.title='run'\">";
    private static final String ODD_REASON = "<script>document.title='run'</script>";

    final String user;
    private long version = 1;

    PageFixture(String email) {
        user = as(token("a registrar"))
                .body("{\"fullName\":\"Ada Lovelace\",\"email\":\"%s\"}".formatted(email))
                .post("/users")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** Registered, verified, changed; then the past is corrected, by somebody with an odd name and reason. */
    static PageFixture corrected() {
        return new PageFixture("ada@example.org")
                .verify()
                .change("countess@example.org")
                .correct("right@example.org", Instant.now().minusSeconds(40 * 86_400L));
    }

    static String token(String subject, String... roles) {
        return new Token(subject, List.of(roles)).signed(Instant.now());
    }

    static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType(ContentType.JSON).header("Idempotency-Key", UUID.randomUUID());
    }

    private RequestSpecification next(String token) {
        return as(token).header("If-Match", "\"%d\"".formatted(version++));
    }

    PageFixture change(String address) {
        next(token(user))
                .body("{\"address\":\"%s\"}".formatted(address))
                .put(path(""))
                .then()
                .statusCode(200);
        return this;
    }

    PageFixture verify() {
        next(token("an operator", Roles.OPERATOR))
                .post(path("/verifications"))
                .then()
                .statusCode(200);
        return this;
    }

    PageFixture correct(String address, Instant validFrom) {
        next(token(ODD_NAME, Roles.OPERATOR))
                .body("{\"address\":\"%s\",\"validFrom\":\"%s\",\"reason\":\"%s\"}"
                        .formatted(address, validFrom, ODD_REASON))
                .post(path("/corrections"))
                .then()
                .statusCode(200);
        return this;
    }

    PageFixture erase() {
        as(token("first", Roles.PRIVACY_OFFICER))
                .delete("/users/" + user)
                .then()
                .statusCode(202);
        as(token("second", Roles.PRIVACY_OFFICER))
                .post("/users/%s/erasure/confirmation".formatted(user))
                .then()
                .statusCode(200);
        version++;
        return this;
    }

    PageFixture awaitSeal() {
        Awaitility.await()
                .untilAsserted(() -> as(AUDITOR)
                        .get(path("/proof?purpose=test&version=" + version))
                        .then()
                        .statusCode(200));
        return this;
    }

    /** Whatever is done behind the service's back to this user's events while something is asked: it is undone afterwards. */
    <T> T whileTampered(String sql, Supplier<T> ask) {
        var schema = new TestSchema("audit");
        schema.executeAsAdmin("CREATE TABLE audit.page_backup AS SELECT * FROM audit.email_event WHERE user_id = '%s'"
                .formatted(user));
        try {
            schema.executeAsAdmin(sql);
            return ask.get();
        } finally {
            schema.executeAsAdmin("""
                    DELETE FROM audit.email_pack WHERE user_id = '%1$s';
                    DELETE FROM audit.email_event WHERE user_id = '%1$s';
                    INSERT INTO audit.email_event TABLE audit.page_backup;
                    DROP TABLE audit.page_backup""".formatted(user));
        }
    }

    String path(String rest) {
        return "/users/%s/email%s".formatted(user, rest);
    }

    String page() {
        return path("/timeline?purpose=Case+12");
    }
}
