package dev.holdfast.platform.page;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** What goes out with every page of ours, whoever renders it. */
@Singleton
class PageHeaders {
    /** Even a page that was tricked into markup of somebody else's could neither run it nor send anything away. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; script-src 'self';"
            + " img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final int BEFORE_ANSWERS = -10_001;
    /** Pages of Quarkus, such as Swagger UI, have scripts inside. */
    private static final String OPERATIONS = "/q/";

    void register(@Observes Router router) {
        router.route().order(BEFORE_ANSWERS).handler(context -> {
            context.addHeadersEndHandler(ended -> complete(context));
            context.next();
        });
    }

    private static void complete(RoutingContext context) {
        MultiMap headers = context.response().headers();
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type != null
                && type.startsWith("text/html")
                && !context.normalizedPath().startsWith(OPERATIONS)) {
            headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
            headers.set("Referrer-Policy", "same-origin");
            headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }
}
