package dev.holdfast.media.resumable;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tus asks of every answer, whoever gives it: its version, and that nobody caches it. And of every request: what cannot send {@code PATCH} and {@code DELETE}
 * may send {@code POST}, and say so.
 */
@Singleton
class TusRoute {
    static final String VERSION = "1.0.0";
    private static final Set<String> OVERRIDES = Set.of("PATCH", "DELETE");
    private static final int EARLY = Integer.MIN_VALUE + 2;

    void register(@Observes Router router) {
        router.route("/uploads/*").order(EARLY).handler(TusRoute::handle);
    }

    private static void handle(RoutingContext context) {
        context.response()
                .putHeader("Tus-Resumable", VERSION)
                .putHeader("Tus-Version", VERSION)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        @Nullable String override = context.request().getHeader("X-HTTP-Method-Override");
        if (override != null
                && OVERRIDES.contains(override)
                && context.request().method().equals(HttpMethod.POST)) {
            context.reroute(HttpMethod.valueOf(override), context.request().path());
        } else {
            context.next();
        }
    }
}
