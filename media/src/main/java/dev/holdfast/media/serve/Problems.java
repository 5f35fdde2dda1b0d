package dev.holdfast.media.serve;

import dev.holdfast.media.store.Sha256;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes wrong on a route that is no resource. */
public final class Problems {
    private static final ProblemType NOT_SATISFIABLE =
            new ProblemType("range-not-satisfiable", 416, "There are no such bytes");
    private static final String SECONDS = "2";

    /** Of the image that was to be sent. */
    private static final List<CharSequence> DESCRIPTION = List.of(
            HttpHeaders.ETAG,
            HttpHeaders.ACCEPT_RANGES,
            HttpHeaders.CONTENT_LENGTH,
            HttpHeaders.CONTENT_RANGE,
            "Content-Security-Policy");

    private Problems() {}

    public static Future<Void> noImage(HttpServerResponse response, @Nullable String path, Sha256 hash) {
        return answer(response, ProblemType.NOT_FOUND, path, "There is no image %s.".formatted(hash));
    }

    static Future<Void> notSatisfiable(HttpServerResponse response, @Nullable String path, long size) {
        describingNothing(response).putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        return end(response, NOT_SATISFIABLE, path, "The image has %d bytes: ask for some of these.".formatted(size));
    }

    /** To be asked again shortly. */
    public static Future<Void> unavailable(HttpServerResponse response, String detail) {
        describingNothing(response).putHeader(HttpHeaders.RETRY_AFTER, SECONDS);
        return end(response, ProblemType.UNAVAILABLE, null, detail);
    }

    /** @param detail what is wrong, and what to change */
    public static Future<Void> answer(
            HttpServerResponse response, ProblemType type, @Nullable String path, String detail) {
        return end(describingNothing(response), type, path, detail);
    }

    /** What was said of an image before it turned out that it cannot be sent, above all its length: clients would wait for the rest. */
    private static HttpServerResponse describingNothing(HttpServerResponse response) {
        DESCRIPTION.forEach(name -> response.headers().remove(name));
        return response;
    }

    private static Future<Void> end(
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
