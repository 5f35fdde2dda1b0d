package dev.holdfast.media.serve;

import io.smallrye.mutiny.Multi;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Where the bytes of a {@link Representation} come from. */
public interface Bytes {
    /**
     * Ends the answer with some of them, as cheaply as they can be sent. Its head is complete, and not written yet.
     *
     * @return when it fails without having written the head, somebody else may still answer
     */
    Future<Void> sendTo(HttpServerResponse response, long offset, long length);

    /** Several ranges, of one and the same thing whatever happens to it meanwhile. */
    Multi<Buffer> parts(MultipartRanges ranges);
}
