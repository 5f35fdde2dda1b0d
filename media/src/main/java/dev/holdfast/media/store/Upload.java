package dev.holdfast.media.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * An upload that somebody has open; nobody else can open it until it is finished or closed. Every failure of the disk is an {@link
 * UploadException} of {@link UploadException.Reason#BROKEN}, and the upload stays so.
 */
public final class Upload {
    private final UploadFile file;
    private final FileWork work;
    private final Runnable release;

    Upload(UploadFile file, FileWork work, Runnable release) {
        this.file = file;
        this.work = work;
        this.release = release;
    }

    public UUID id() {
        return file.id();
    }

    /** Bytes that it has, synced or not. */
    public long offset() {
        return file.offset();
    }

    /**
     * Appends, a buffer at a time: the next one is asked for when this one is written. When the bytes fail or the caller cancels,
     * it keeps what came before.
     *
     * @param offset how many bytes the caller believes that it has
     * @return how many it has then; fails with {@link UploadException.Reason#WRONG_OFFSET} or {@link
     *     UploadException.Reason#TOO_LARGE}
     */
    public Uni<Long> append(long offset, Multi<Buffer> bytes) {
        return append(offset, bytes, Long.MAX_VALUE);
    }

    /** @param checkpointEvery so many bytes it is checkpointed meanwhile */
    public Uni<Long> append(long offset, Multi<Buffer> bytes, long checkpointEvery) {
        return work.run(() -> file.expect(offset))
                .chain(() -> bytes.onItem()
                        .transformToUniAndConcatenate(buffer -> work.run(() -> {
                            file.append(ByteBuffer.wrap(buffer.getBytes()));
                            return file.checkpointAfter(checkpointEvery);
                        }))
                        .collect()
                        .last()
                        .map(last -> file.offset()));
    }

    /**
     * For an upload that is to be resumed some day: when it completes, what it has by now survives a power cut.
     *
     * @return how many bytes that is
     */
    public Uni<Long> checkpoint() {
        return work.run(file::checkpoint);
    }

    /** Nothing more comes: synced, with the hash of all of it, and closed. */
    public Uni<StagedFile> finish() {
        return work.run(file::finish).onTermination().invoke(release);
    }

    /** It stays to be resumed from its last checkpoint. Does nothing when it is finished. */
    public Uni<Void> close() {
        return work.run(() -> {
                    file.close();
                    return true;
                })
                .replaceWithVoid()
                .onTermination()
                .invoke(release);
    }

    /** Closed at once, by whoever cannot give it to anybody. */
    void abandon() {
        try {
            file.close();
        } finally {
            release.run();
        }
    }
}
