package dev.holdfast.media.serve;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Originals, at {@code /images/<sha256>}, for everybody who knows their hash. A route of its own rather than a resource, because a file
 * goes from the page cache to the socket without coming into this process.
 *
 * <p>What an address shows never changes, so it may be kept for ever, and its hash is a strong entity tag (RFC 9110, RFC 9111,
 * RFC 8246).
 */
@Singleton
class ImageRoute {
    private static final Logger LOG = Logger.getLogger(ImageRoute.class);
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    /** Even what a browser might take for a page can do nothing. */
    private static final String NO_SCRIPTS = "default-src 'none'; sandbox";

    private final LiveBlobs blobs;
    private final BlobStores stores;

    ImageRoute(LiveBlobs blobs, BlobStores stores) {
        this.blobs = blobs;
        this.stores = stores;
    }

    void register(@Observes Router router) {
        router.route("/images/:hash")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::serve);
    }

    private void serve(RoutingContext context) {
        Optional<Sha256> hash = Sha256.parse(context.pathParam("hash"));
        if (hash.isEmpty()) {
            context.next();
            return;
        }
        serve(context.request(), context.response(), hash.get(), true);
    }

    /** @param mayAskAgain whether a blob may have moved since it was looked up */
    private void serve(HttpServerRequest request, HttpServerResponse response, Sha256 hash, boolean mayAskAgain) {
        blobs.of(hash)
                .subscribe()
                .with(
                        found -> found.ifPresentOrElse(
                                blob -> send(request, response, blob).onFailure(failure -> {
                                    if (mayAskAgain && isMissing(failure) && !response.headWritten()) {
                                        blobs.forget(hash);
                                        serve(request, response, hash, false);
                                    } else {
                                        fail(response, failure);
                                    }
                                }),
                                () -> Problems.notFound(
                                        response, request.path(), "There is no image %s.".formatted(hash))),
                        failure -> fail(response, failure));
    }

    private Future<Void> send(HttpServerRequest request, HttpServerResponse response, Blob blob) {
        String tag = "\"" + blob.ref().hash() + "\"";
        response.putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.CACHE_CONTROL, FOR_EVER)
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader("Content-Security-Policy", NO_SCRIPTS);
        if (Conditions.isKnown(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            return response.setStatusCode(304).end();
        }
        String range = Conditions.mayBePartial(request.getHeader("If-Range"), tag) ? request.getHeader("Range") : null;
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        long size = blob.ref().size();
        return switch (isHead ? new RangeRequest.Whole() : RangeRequest.of(range, size)) {
            case RangeRequest.Whole _ -> {
                describe(response, blob.content().mediaType(), size);
                yield isHead ? response.end() : sendBytes(response, blob, 0, size);
            }
            case RangeRequest.Parts(List<ByteRange> ranges)
            when ranges.size() == 1 -> {
                ByteRange only = ranges.getFirst();
                describe(response, blob.content().mediaType(), only.length());
                response.setStatusCode(206).putHeader(HttpHeaders.CONTENT_RANGE, only.of(size));
                yield sendBytes(response, blob, only.first(), only.length());
            }
            case RangeRequest.Parts(List<ByteRange> ranges) -> {
                var parts = new MultipartRanges(blob.content().mediaType(), size, ranges);
                describe(response, parts.mediaType(), parts.length());
                response.setStatusCode(206);
                yield stream(response, parts.body(part -> store(blob).read(blob.ref(), part.first(), part.length())));
            }
            case RangeRequest.NotSatisfiable _ -> Problems.notSatisfiable(response, request.path(), size);
        };
    }

    private static void describe(HttpServerResponse response, String mediaType, long length) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    }

    private Future<Void> sendBytes(HttpServerResponse response, Blob blob, long offset, long length) {
        return store(blob)
                .file(blob.ref())
                .map(file -> response.sendFile(file.toString(), offset, length))
                .orElseGet(() -> stream(response, store(blob).read(blob.ref(), offset, length)));
    }

    /** What fails has not been sent: whoever ends the answer then is {@link #fail}, or who looks again. */
    private static Future<Void> stream(HttpServerResponse response, Multi<Buffer> bytes) {
        return MultiHelper.toReadStream(bytes).pipe().endOnFailure(false).to(response);
    }

    private BlobStore store(Blob blob) {
        return stores.of(blob.backend());
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof NoSuchFileException
                || failure instanceof FileNotFoundException
                || (failure instanceof BlobException blob && blob.reason() == BlobException.Reason.MISSING);
    }

    /** Whoever has begun to receive it sees that it ends too early. */
    private static void fail(HttpServerResponse response, Throwable failure) {
        if (response.ended() || response.closed()) {
            return;
        }
        LOG.errorf(failure, "An image cannot be sent");
        if (response.headWritten()) {
            response.reset();
        } else {
            Problems.unavailable(response);
        }
    }
}
