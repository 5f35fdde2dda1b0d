package dev.holdfast.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body that announces to be too large, before reading it, with a {@link Problem}. Quarkus has the same limit
 * and answers it with a bare status; this comes first. A body that does not announce its size still meets that one.
 */
@Singleton
class BodyLimit {
    private static final int BEFORE_QUARKUS = Integer.MIN_VALUE + 1;

    /** A client that is still sending would miss the answer if the connection were closed; up to here it may go on. */
    private static final int DRAIN_FACTOR_MAX = 8;

    private final long bytesMax;
    private final ObjectMapper json;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize max, ObjectMapper json) {
        this.bytesMax = max.asLongValue();
        this.json = json;
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
        if (announced > DRAIN_FACTOR_MAX * bytesMax) {
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
