package dev.holdfast.media.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/** What tests of stores have in common. */
final class StoreFixture {
    static final long SIZE_MAX = 100 * 1024 * 1024;

    private StoreFixture() {}

    static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(60));
    }

    /** The failure of it, as it was thrown. */
    static Throwable failure(Uni<?> uni) {
        try {
            return new AssertionError("it did not fail, but gave " + await(uni));
        } catch (CompletionException wrapped) {
            return wrapped.getCause();
        } catch (RuntimeException failed) {
            return failed;
        }
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static BlobRef ref(byte[] content) {
        return new BlobRef(UUID.randomUUID(), Sha256.of(content), content.length);
    }

    static Multi<Buffer> chunks(byte[] content, int length) {
        var chunks = new ArrayList<Buffer>();
        Buffer whole = Buffer.buffer(content);
        for (int at = 0; at < content.length; at += length) {
            chunks.add(whole.slice(at, Math.min(content.length, at + length)));
        }
        return Multi.createFrom().iterable(chunks);
    }

    static StagedFile stage(Staging staging, UUID id, byte[] content) {
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.append(0, chunks(content, 64 * 1024)));
        return await(upload.finish());
    }

    static byte[] read(BlobStore store, BlobRef ref, long offset, long length) {
        return await(store.read(ref, offset, length)
                        .collect()
                        .in(Buffer::buffer, (Buffer all, Buffer chunk) -> all.appendBuffer(chunk)))
                .getBytes();
    }
}
