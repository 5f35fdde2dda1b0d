package dev.holdfast.bench.media;

import dev.holdfast.bench.Median;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.Staging;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Blobs of some sizes written to a store one after the other and read again, as the service does with an upload. */
final class StoreRun {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int PIECE_LENGTH = 64 * 1024;
    private static final int WARM_UP_SHARE = 3;

    /** @param count of them that are written and read */
    record Size(String name, int bytes, int count) {}

    static final List<Size> SIZES = List.of(
            new Size("4kb", 4_096, Scale.of(300)),
            new Size("100kb", 100_000, Scale.of(150)),
            new Size("1mb", 1_000_000, Scale.of(80)));

    private final Servers servers;
    private final Staging staging;
    private final BlobStore store;
    private final Random random = new Random(1);
    private long bytes;

    StoreRun(Servers servers, Staging staging, BlobStore store) {
        this.servers = servers;
        this.staging = staging;
        this.store = store;
    }

    /** How much it has stored. */
    long bytes() {
        return bytes;
    }

    /** The medians in milliseconds: for each size that of writing, then that of reading. */
    List<Run> measure() throws Exception {
        for (Size size : SIZES) {
            for (BlobRef ref : write(size, Math.ceilDiv(size.count(), WARM_UP_SHARE), new ArrayList<>())) {
                read(ref);
            }
        }
        var runs = new ArrayList<Run>();
        for (Size size : SIZES) {
            var nanos = new ArrayList<Long>();
            Stopwatch writing = servers.startStopwatch();
            List<BlobRef> refs = write(size, size.count(), nanos);
            runs.add(writing.stop(nanos.size()).withValue(Median.ofNanos(nanos)));
            nanos.clear();
            Stopwatch reading = servers.startStopwatch();
            for (BlobRef ref : refs) {
                long start = System.nanoTime();
                Buffer content = read(ref);
                nanos.add(System.nanoTime() - start);
                if (!Picture.sha256(content.getBytes()).equals(ref.hash().hex())) {
                    throw new IllegalStateException("Blob %s has other bytes".formatted(ref));
                }
            }
            runs.add(reading.stop(nanos.size()).withValue(Median.ofNanos(nanos)));
        }
        return runs;
    }

    private List<BlobRef> write(Size size, int count, List<Long> nanos) {
        var refs = new ArrayList<BlobRef>();
        for (int i = 0; i < count; i++) {
            byte[] content = new byte[size.bytes()];
            random.nextBytes(content);
            List<Buffer> pieces = pieces(content);
            var id = new UUID(random.nextLong(), random.nextLong());
            long start = System.nanoTime();
            StagedFile staged = await(staging.begin(id, content.length)
                    .chain(upload -> upload.append(0, Multi.createFrom().iterable(pieces))
                            .chain(upload::finish)));
            var ref = new BlobRef(id, staged.sha256(), staged.size());
            await(store.put(ref, staged));
            nanos.add(System.nanoTime() - start);
            // which the service does when the client has its answer
            await(staging.discard(id));
            refs.add(ref);
            bytes += content.length;
        }
        return refs;
    }

    private static List<Buffer> pieces(byte[] content) {
        var pieces = new ArrayList<Buffer>();
        for (int at = 0; at < content.length; at += PIECE_LENGTH) {
            pieces.add(Buffer.buffer(Arrays.copyOfRange(content, at, Math.min(content.length, at + PIECE_LENGTH))));
        }
        return pieces;
    }

    private Buffer read(BlobRef ref) {
        return await(store.read(ref, 0, ref.size())
                .collect()
                .in(Buffer::buffer, (Buffer all, Buffer piece) -> all.appendBuffer(piece)));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }
}
