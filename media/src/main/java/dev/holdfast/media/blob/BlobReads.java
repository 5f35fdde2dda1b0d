package dev.holdfast.media.blob;

import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobStores;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads of a blob that may move meanwhile: a slow reader, in the midst of it when its bytes are deleted where they were, reads on where
 * they are now.
 */
public final class BlobReads {
    private final Blobs blobs;
    private final BlobStores stores;

    public BlobReads(Blobs blobs, BlobStores stores) {
        this.blobs = blobs;
        this.stores = stores;
    }

    /** As {@link dev.holdfast.media.store.BlobStore#read}; also fails when nothing was there at first, for whoever asked to look it up again. */
    public Multi<Buffer> read(Blob blob, long offset, long length) {
        return Multi.createFrom().deferred(() -> {
            var read = new AtomicLong();
            return stores.of(blob.backend())
                    .read(blob.ref(), offset, length)
                    .invoke(bytes -> read.addAndGet(bytes.length()))
                    .onFailure(failure -> isMissing(failure) && read.get() > 0)
                    .recoverWithMulti(failure -> readOn(blob, offset + read.get(), length - read.get(), failure));
        });
    }

    private Multi<Buffer> readOn(Blob blob, long offset, long length, Throwable failure) {
        return blobs.live(blob.ref().hash())
                .onItem()
                .transformToMulti(found -> found.filter(
                                now -> !now.ref().copy().equals(blob.ref().copy()))
                        .map(moved -> read(moved, offset, length))
                        .orElseGet(() -> Multi.createFrom().failure(failure)));
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof BlobException blob && blob.reason() == BlobException.Reason.MISSING;
    }
}
