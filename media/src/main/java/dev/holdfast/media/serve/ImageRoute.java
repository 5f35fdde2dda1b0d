package dev.holdfast.media.serve;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.BlobReads;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Sha256;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Originals, at {@code /images/<sha256>}, for everybody who knows their hash. A route of its own rather than a resource, because a file
 * goes from the page cache to the socket without coming into this process.
 *
 * <p>What an address shows never changes, so it may be kept for ever, and its hash is a strong entity tag (RFC 9110, RFC 9111,
 * RFC 8246).
 */
@Singleton
class ImageRoute {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final LiveBlobs blobs;
    private final BlobStores stores;
    private final BlobReads reads;

    ImageRoute(LiveBlobs blobs, BlobStores stores, BlobReads reads) {
        this.blobs = blobs;
        this.stores = stores;
        this.reads = reads;
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
                                blob -> Sender.send(request, response, representation(blob))
                                        .onFailure(failure -> {
                                            if (mayAskAgain && Sender.wasMissing(response, failure)) {
                                                blobs.forget(hash);
                                                serve(request, response, hash, false);
                                            } else {
                                                Sender.fail(response, failure);
                                            }
                                        }),
                                () -> Problems.noImage(response, request.path(), hash)),
                        failure -> Sender.fail(response, failure));
    }

    private Representation representation(Blob blob) {
        return new Representation(
                "\"" + blob.ref().hash() + "\"",
                blob.content().mediaType(),
                blob.ref().size(),
                FOR_EVER,
                new BlobBytes(stores.of(blob.backend()), reads, blob));
    }
}
