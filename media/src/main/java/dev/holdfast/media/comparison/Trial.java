package dev.holdfast.media.comparison;

import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.comparison.Comparison.Measured;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.Staging;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Writes copies of images to one store, reads them, and deletes them, one after the other. Every copy is remembered from its intent
 * on, until it is gone.
 */
final class Trial {
    /** About what the network brings at once. */
    private static final int PIECE_LENGTH = 64 * 1024;

    private static final Logger LOG = Logger.getLogger(Trial.class);

    private final Backend backend;
    private final BlobStore store;
    private final Publisher publisher;
    private final Staging staging;
    private final Supplier<Uni<Long>> wal;
    private final List<Copy> copies = new ArrayList<>();

    private final List<Long> writes = new ArrayList<>();
    private final List<Long> reads = new ArrayList<>();
    private long walBytes;
    private long spaceBytes;

    /** @param wal how much PostgreSQL has logged so far, in bytes */
    Trial(Backend backend, BlobStore store, Publisher publisher, Staging staging, Supplier<Uni<Long>> wal) {
        this.backend = backend;
        this.store = store;
        this.publisher = publisher;
        this.staging = staging;
        this.wal = wal;
    }

    /** The bytes of an image under an id of their own. */
    private record Copy(UUID intent, BlobRef ref) {}

    /** Not counted: what comes first waits for connections and compilers. */
    Uni<Void> warmUp(BlobRef image, Buffer bytes) {
        return write(image, bytes)
                .chain(() -> read(copies.getFirst()))
                .invoke(() -> {
                    writes.clear();
                    reads.clear();
                    walBytes = 0;
                    spaceBytes = 0;
                })
                .chain(this::removeAll);
    }

    Uni<Void> write(BlobRef image, Buffer bytes) {
        return publisher.announce(Comparer.OWNER).chain(intent -> {
            var copy = new Copy(intent, new BlobRef(intent, image.hash(), image.size()));
            copies.add(copy);
            return wal.get()
                    .chain(before -> timed(stage(intent, bytes).chain(staged -> store.put(copy.ref(), staged)), writes)
                            .chain(wal::get)
                            .invoke(after -> walBytes += after - before))
                    .chain(() -> staging.discard(intent))
                    .chain(() -> store.footprint(copy.ref()))
                    .invoke(bytesTaken -> spaceBytes += bytesTaken)
                    .replaceWithVoid();
        });
    }

    private Uni<StagedFile> stage(UUID intent, Buffer bytes) {
        return publisher
                .begin(intent, bytes.length())
                .chain(upload -> upload.append(0, pieces(bytes))
                        .chain(upload::finish)
                        .onFailure()
                        .call(upload::close)
                        .onCancellation()
                        .call(upload::close));
    }

    private static Multi<Buffer> pieces(Buffer bytes) {
        return Multi.createFrom()
                .range(0, Math.ceilDiv(bytes.length(), PIECE_LENGTH))
                .map(number ->
                        bytes.slice(number * PIECE_LENGTH, Math.min(bytes.length(), (number + 1) * PIECE_LENGTH)));
    }

    /** All copies, each by itself, and then once more one behind the other, as somebody does who makes a backup. */
    Uni<Measured> readAll() {
        var backup = new ArrayList<Long>();
        return each(this::read)
                .chain(() -> timed(each(copy -> drain(copy.ref())), backup))
                .map(done -> new Measured(
                        backend, Latency.of(writes), Latency.of(reads), walBytes, spaceBytes, backup.getFirst()));
    }

    private Uni<Void> read(Copy copy) {
        return timed(drain(copy.ref()), reads);
    }

    private Uni<Void> drain(BlobRef ref) {
        return store.read(ref, 0, ref.size()).onItem().ignoreAsUni();
    }

    private Uni<Void> each(Function<Copy, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(List.copyOf(copies))
                .onItem()
                .transformToUniAndConcatenate(work::apply)
                .onItem()
                .ignoreAsUni();
    }

    /** The bytes first, then the intent, which says until then whose they are. */
    Uni<Void> removeAll() {
        return each(this::remove);
    }

    private Uni<Void> remove(Copy copy) {
        return store.delete(copy.ref())
                .chain(() -> publisher.giveUp(copy.intent()))
                .invoke(() -> copies.remove(copy));
    }

    /** Of a trial that went wrong. What cannot be removed is left to the sweep, which comes when its intent has expired. */
    Uni<Void> abandon() {
        return each(copy -> remove(copy)
                .onFailure()
                .invoke(failure -> LOG.infof("A copy in %s is left to the sweep: %s", backend, failure))
                .onFailure()
                .recoverWithNull());
    }

    private static Uni<Void> timed(Uni<?> work, List<Long> micros) {
        return Uni.createFrom().deferred(() -> {
            long from = System.nanoTime();
            return work.invoke(done -> micros.add(Math.max(1, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - from))))
                    .replaceWithVoid();
        });
    }
}
