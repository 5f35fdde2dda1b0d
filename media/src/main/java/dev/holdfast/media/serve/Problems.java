package dev.holdfast.media.serve;

import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What goes wrong on a route that is no resource. */
final class Problems {
    private static final ProblemType NOT_SATISFIABLE =
            new ProblemType("range-not-satisfiable", 416, "There are no such bytes");
    private static final String SECONDS = "2";

    private Problems() {}

    static Future<Void> notFound(HttpServerResponse response, @Nullable String path, String detail) {
        return answer(response, ProblemType.NOT_FOUND, path, detail);
    }

    static Future<Void> notSatisfiable(HttpServerResponse response, @Nullable String path, long size) {
        return answer(
                response, NOT_SATISFIABLE, path, "The image has %d bytes: ask for some of these.".formatted(size));
    }

    static Future<Void> unavailable(HttpServerResponse response) {
        response.headers().clear();
        response.putHeader(HttpHeaders.RETRY_AFTER, SECONDS);
        return answer(response, ProblemType.UNAVAILABLE, null, "The image cannot be read just now. Ask again shortly.");
    }

    private static Future<Void> answer(
            HttpServerResponse response, ProblemType type, @Nullable String path, String detail) {
        JsonObject problem = new JsonObject()
                .put("type", type.uri().toString())
                .put("title", type.title())
                .put("status", type.status())
                .put("detail", detail)
                .put("instance", path);
        return response.setStatusCode(type.status())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(problem.toBuffer());
    }
}
