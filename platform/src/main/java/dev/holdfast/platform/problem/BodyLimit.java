package dev.holdfast.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body that is too large with a {@link Problem}: before reading it when it announces its size, otherwise when
 * it has come so far. The limit of Quarkus, which answers with a bare status, lies behind this one as a last resort.
 */
@Provider
@Singleton
class BodyLimit implements ReaderInterceptor {
    private static final int BEFORE_QUARKUS = Integer.MIN_VALUE + 1;

    private final long bytesMax;
    private final long drainedBytesMax;
    private final ObjectMapper json;

    /**
     * @param max larger bodies are refused
     * @param lastResort up to here a client may go on sending, so that it does not miss the answer
     */
    BodyLimit(
            @ConfigProperty(name = "holdfast.http.body-size-max") MemorySize max,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize lastResort,
            ObjectMapper json) {
        this.bytesMax = max.asLongValue();
        this.drainedBytesMax = lastResort.asLongValue();
        this.json = json;
    }

    /** For bodies without an announced size, such as chunked ones. */
    @Override
    public Object aroundReadFrom(ReaderInterceptorContext body) throws IOException {
        // room for what is buffered ahead, so that Quarkus does not come first
        body.setInputStream(new CountedBody(body.getInputStream(), bytesMax, drainedBytesMax / 2));
        return body.proceed();
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).handler(this::check);
    }

    private void check(RoutingContext context) {
        long announced = announced(context);
        if (announced <= bytesMax) {
            context.next();
            return;
        }
        Problem problem = Problem.of(
                        ProblemType.TOO_LARGE,
                        "The body has %d bytes: send at most %d, in several requests if need be."
                                .formatted(announced, bytesMax))
                .at(URI.create(context.request().path()));
        if (announced > drainedBytesMax) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        context.request().resume();
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(toJson(problem));
    }

    private static long announced(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private String toJson(Problem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
