package dev.holdfast.media.variant;

import dev.holdfast.media.serve.ByteRange;
import dev.holdfast.media.serve.Bytes;
import dev.holdfast.media.serve.MultipartRanges;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.OpenFile;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Function;

/** Those of a file. It is opened once for each answer, which gets all of it whatever becomes of its name. */
record FileBytes(Path file, Disk disk, FileWork work) implements Bytes {
    private static final int CHUNK_LENGTH = 64 * 1024;

    @Override
    public Future<Void> sendTo(HttpServerResponse response, long offset, long length) {
        return response.sendFile(file.toString(), offset, length);
    }

    @Override
    public Multi<Buffer> parts(MultipartRanges ranges) {
        return Multi.createFrom()
                .<OpenFile, Buffer>resourceFromUni(
                        () -> work.run(() -> disk.openToRead(file)), open -> ranges.body(range -> chunks(open, range)))
                .withFinalizer((Function<? super OpenFile, Uni<Void>>) this::close);
    }

    private Multi<Buffer> chunks(OpenFile open, ByteRange range) {
        return Multi.createFrom()
                .range(0, Math.toIntExact((range.length() + CHUNK_LENGTH - 1) / CHUNK_LENGTH))
                .onItem()
                .transformToUniAndConcatenate(number -> {
                    long at = range.first() + (long) number * CHUNK_LENGTH;
                    return work.run(() -> chunk(open, at, (int) Math.min(CHUNK_LENGTH, range.last() + 1 - at)));
                });
    }

    private Buffer chunk(OpenFile open, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        disk.read(open, at, bytes);
        if (bytes.hasRemaining()) {
            throw new EOFException("%s ends before %d".formatted(file, at + length));
        }
        return Buffer.buffer(bytes.array());
    }

    private Uni<Void> close(OpenFile open) {
        return work.run(() -> {
                    open.close();
                    return true;
                })
                .replaceWithVoid();
    }
}
