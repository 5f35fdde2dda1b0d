package dev.holdfast.platform.page;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.util.Set;

/**
 * The token of a browser that has signed in. It stands for the Authorization header of a request that has none; smallrye-jwt
 * reads cookies too, but lets them win over the header, and what a program says of itself must count.
 *
 * <p>A browser sends a cookie with whatever is asked of us. {@code SameSite=Strict} leaves it out when another site asks; for
 * another port of this host, which is the same site, the browser says so, and then it counts for nothing that changes something.
 */
@Singleton
class TokenCookie {
    static final String NAME = "holdfast-token";

    private static final int BEFORE_AUTHENTICATION = -10_000;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    void register(@Observes Router router) {
        router.route().order(BEFORE_AUTHENTICATION).handler(TokenCookie::read);
    }

    private static void read(RoutingContext context) {
        HttpServerRequest request = context.request();
        Cookie cookie = request.getCookie(NAME);
        if (cookie != null && !request.headers().contains(HttpHeaders.AUTHORIZATION) && counts(request)) {
            request.headers().set(HttpHeaders.AUTHORIZATION, "Bearer " + cookie.getValue());
        }
        context.next();
    }

    private static boolean counts(HttpServerRequest request) {
        return SAFE.contains(request.method().name()) || "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
    }

    /** @param host without it, only over TLS; this machine's is taken to be one developer's */
    static NewCookie of(String token, Duration lifetime, String host) {
        return cookie(host).value(token).maxAge((int) lifetime.toSeconds()).build();
    }

    static NewCookie gone(String host) {
        return cookie(host).value("").maxAge(0).build();
    }

    private static NewCookie.Builder cookie(String host) {
        return new NewCookie.Builder(NAME)
                .path("/")
                .httpOnly(true)
                .sameSite(NewCookie.SameSite.STRICT)
                .secure(!LOOPBACK.contains(host));
    }
}
