package dev.holdfast.testkit;

import static io.restassured.RestAssured.given;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/**
 * Asks for pages as a browser does, without being one. A module that does so has {@code io.rest-assured:rest-assured} among its
 * dependencies for tests.
 */
public final class PageVisitor {
    /** In which the token is kept. */
    public static final String COOKIE = "holdfast-token";

    private static final String HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private PageVisitor() {}

    /** Somebody who has not signed in. */
    public static RequestSpecification browser() {
        return given().redirects().follow(false).accept(HTML);
    }

    /** Follows a link. */
    public static ValidatableResponse look(String token, String page) {
        return browser()
                .cookie(COOKIE, token)
                .urlEncodingEnabled(false)
                .get(page)
                .then();
    }

    /** On a page of ours, about to send a form. */
    public static RequestSpecification onPage(String token) {
        return browser().cookie(COOKIE, token).header("Sec-Fetch-Site", "same-origin");
    }
}
