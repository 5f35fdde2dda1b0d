package dev.holdfast.media.serve;

import dev.holdfast.media.store.BlobException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jboss.logging.Logger;

/** Sends representations as RFC 9110 has it: conditions, ranges and {@code HEAD}. */
public final class Sender {
    private static final Logger LOG = Logger.getLogger(Sender.class);
    private static final CharSequence CONTENT_SECURITY_POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    /** Even what a browser might take for a page can do nothing. */
    private static final CharSequence NO_SCRIPTS = HttpHeaders.createOptimized("default-src 'none'; sandbox");

    private static final CharSequence BYTES = HttpHeaders.createOptimized("bytes");

    private Sender() {}

    /** @return when it fails and the head is not written, somebody else may still answer */
    public static Future<Void> send(
            HttpServerRequest request, HttpServerResponse response, Representation representation) {
        String tag = representation.tag();
        response.putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.CACHE_CONTROL, representation.cacheControl())
                .putHeader(HttpHeaders.ACCEPT_RANGES, BYTES)
                .putHeader(CONTENT_SECURITY_POLICY, NO_SCRIPTS);
        if (Conditions.isKnown(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            return response.setStatusCode(304).end();
        }
        boolean isHead = request.method().equals(HttpMethod.HEAD);
        String range = isHead ? null : request.getHeader("Range");
        if (range != null && !Conditions.mayBePartial(request.getHeader("If-Range"), tag)) {
            range = null;
        }
        Bytes bytes = representation.bytes();
        long size = representation.size();
        return switch (RangeRequest.of(range, size)) {
            case RangeRequest.Whole _ -> {
                describe(response, representation.mediaType(), size);
                yield isHead ? response.end() : bytes.sendTo(response, 0, size);
            }
            case RangeRequest.Parts(List<ByteRange> ranges)
            when ranges.size() == 1 -> {
                ByteRange only = ranges.getFirst();
                describe(response, representation.mediaType(), only.length());
                response.setStatusCode(206).putHeader(HttpHeaders.CONTENT_RANGE, only.of(size));
                yield bytes.sendTo(response, only.first(), only.length());
            }
            case RangeRequest.Parts(List<ByteRange> ranges) -> {
                var parts = new MultipartRanges(representation.mediaType(), size, ranges);
                describe(response, parts.mediaType(), parts.length());
                response.setStatusCode(206);
                yield stream(response, bytes.parts(parts));
            }
            case RangeRequest.NotSatisfiable _ -> Problems.notSatisfiable(response, request.path(), size);
        };
    }

    private static void describe(HttpServerResponse response, String mediaType, long length) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    }

    /** What fails has not been sent: whoever ends the answer then is {@link #fail}, or who looks again. */
    static Future<Void> stream(HttpServerResponse response, Multi<Buffer> bytes) {
        return MultiHelper.toReadStream(bytes).pipe().endOnFailure(false).to(response);
    }

    /** Whether it was no longer there when it was to be sent, and nothing was. */
    public static boolean wasMissing(HttpServerResponse response, Throwable failure) {
        return isMissing(failure) && !response.headWritten();
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof NoSuchFileException
                || failure instanceof FileNotFoundException
                || (failure instanceof BlobException blob && blob.reason() == BlobException.Reason.MISSING);
    }

    /** Whoever has begun to receive it sees that it ends too early. */
    public static void fail(HttpServerResponse response, Throwable failure) {
        if (response.ended() || response.closed()) {
            return;
        }
        LOG.errorf(failure, "An image cannot be sent");
        if (response.headWritten()) {
            response.reset();
        } else {
            Problems.unavailable(response, "The image cannot be read just now. Ask again shortly.");
        }
    }
}
