package dev.holdfast.product.feed;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way in.
 *
 * @param offset its place in its partition, or in the list it came with
 * @param key as it came, null when there was none
 * @param raw the bytes as they came
 * @param traceparent of whoever sent it
 */
record FeedMessage(
        long offset,
        @Nullable Buffer key,
        Buffer raw,
        @Nullable String traceparent,
        Parsed parsed) {
    FeedMessage rejectedFor(Rejection rejection) {
        return new FeedMessage(offset, key, raw, traceparent, rejection);
    }

    /** Of a message that was understood. */
    ProductChange change() {
        return (ProductChange) parsed;
    }
}
