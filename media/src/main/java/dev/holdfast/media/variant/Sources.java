package dev.holdfast.media.variant;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.OpenFile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Originals as files, which is what decoders read. One that is none is copied into one, a chunk at a time, for as long as it is used;
 * what a crash leaves goes with the {@link TemporaryFiles}.
 */
final class Sources {
    private final BlobStores stores;
    private final TemporaryFiles temporary;
    private final Disk disk;
    private final FileWork work;

    Sources(BlobStores stores, TemporaryFiles temporary, Disk disk, FileWork work) {
        this.stores = stores;
        this.temporary = temporary;
        this.disk = disk;
        this.work = work;
    }

    /** @param use may find that the file has gone, when the blob has */
    <T> Uni<T> with(Blob blob, Function<Path, Uni<T>> use) {
        BlobStore store = stores.of(blob.backend());
        return store.file(blob.ref()).map(use).orElseGet(() -> {
            Path copy = temporary.next();
            return copy(store, blob.ref(), copy)
                    .chain(() -> use.apply(copy))
                    .onTermination()
                    .invoke(() -> temporary.discard(copy));
        });
    }

    private Uni<Void> copy(BlobStore store, BlobRef ref, Path to) {
        return work.run(() -> disk.create(to))
                .chain(file -> write(store, ref, file).eventually((Supplier<Uni<?>>) () -> close(file)));
    }

    private Uni<Void> write(BlobStore store, BlobRef ref, OpenFile file) {
        var written = new AtomicLong();
        return store.read(ref, 0, ref.size())
                .onItem()
                .transformToUniAndConcatenate(chunk -> write(file, written.getAndAdd(chunk.length()), chunk))
                .onItem()
                .ignoreAsUni();
    }

    private Uni<Boolean> write(OpenFile file, long at, Buffer chunk) {
        return work.run(() -> {
            disk.write(file, at, ByteBuffer.wrap(chunk.getBytes()));
            return true;
        });
    }

    private Uni<Boolean> close(OpenFile file) {
        return work.run(() -> {
            file.close();
            return true;
        });
    }
}
