package dev.holdfast.media.serve;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.BlobReads;
import dev.holdfast.media.store.BlobStore;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Those of a blob: a file goes from the page cache to the socket without coming into this process. */
record BlobBytes(BlobStore store, BlobReads reads, Blob blob) implements Bytes {
    @Override
    public Future<Void> sendTo(HttpServerResponse response, long offset, long length) {
        return store.file(blob.ref())
                .map(file -> response.sendFile(file.toString(), offset, length))
                .orElseGet(() -> Sender.stream(response, reads.read(blob, offset, length)));
    }

    @Override
    public Multi<Buffer> parts(MultipartRanges ranges) {
        return ranges.body(range -> reads.read(blob, range.first(), range.length()));
    }
}
