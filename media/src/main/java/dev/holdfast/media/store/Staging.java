package dev.holdfast.media.store;

import dev.holdfast.media.store.UploadException.Reason;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Uploads under way, each in a file {@code staging/<id>}. One process owns the directory.
 *
 * <p>An upload that was {@link Upload#checkpoint() checkpointed} can be resumed after a restart and after a power cut, with exactly
 * the bytes that it had then; another one cannot.
 */
public final class Staging {
    private final Disk disk;
    private final Path directory;
    private final Directories directories;
    private final FileWork work;
    private final Set<UUID> open = ConcurrentHashMap.newKeySet();

    /** @param base on the file system of the blobs that are to be put by renaming; its parent must be there */
    public Staging(Disk disk, Path base, FileWork work) {
        this.disk = disk;
        this.directory = base.resolve("staging");
        this.directories = new Directories(disk, base);
        this.work = work;
    }

    private interface Opening {
        UploadFile run() throws IOException;
    }

    /**
     * @param sizeMax in bytes
     * @return fails with {@link Reason#EXISTS} when there is one of this id
     */
    public Uni<Upload> begin(UUID id, long sizeMax) {
        return open(id, () -> UploadFile.create(disk, id, directory, sizeMax));
    }

    /**
     * Reads all that it has up to its last checkpoint, to hash it again.
     *
     * @return fails with {@link Reason#MISSING} when there is none, or it was never checkpointed, and with {@link Reason#BUSY} while
     *     somebody has it open
     */
    public Uni<Upload> resume(UUID id, long sizeMax) {
        return open(id, () -> UploadFile.resume(disk, id, directory, sizeMax));
    }

    /** As {@link Upload#finish} gave it, for whoever has noted what that said. */
    public StagedFile finished(UUID id, Sha256 sha256, long size) {
        return new StagedFile(id, UploadFile.path(directory, id), sha256, size);
    }

    /** Closed again when the caller has gone meanwhile: nobody else could. */
    private Uni<Upload> open(UUID id, Opening opening) {
        return Uni.createFrom().deferred(() -> {
            var hasGone = new AtomicBoolean();
            var untaken = new AtomicReference<@Nullable Upload>();
            Runnable closeUntaken = () -> {
                Upload upload = untaken.getAndSet(null);
                if (upload != null) {
                    upload.abandon();
                }
            };
            return work.run(() -> {
                        untaken.set(openNow(id, opening));
                        if (hasGone.get()) {
                            closeUntaken.run();
                        }
                        return untaken.get();
                    })
                    .onCancellation()
                    .invoke(() -> {
                        hasGone.set(true);
                        closeUntaken.run();
                    });
        });
    }

    private Upload openNow(UUID id, Opening opening) {
        if (!open.add(id)) {
            throw new UploadException(Reason.BUSY, id, "is open already");
        }
        try {
            directories.ensure(directory);
            return new Upload(opening.run(), work, () -> open.remove(id));
        } catch (IOException failed) {
            open.remove(id);
            throw failure(id, failed);
        }
    }

    /**
     * Deletes what there is of it, whether it was finished, put or given up.
     *
     * @return true when there was something; fails with {@link Reason#BUSY} while somebody has it open
     */
    public Uni<Boolean> discard(UUID id) {
        return work.run(() -> {
            if (!open.add(id)) {
                throw new UploadException(Reason.BUSY, id, "is open");
            }
            try {
                return UploadFile.delete(disk, id, directory);
            } catch (IOException failed) {
                throw failure(id, failed);
            } finally {
                open.remove(id);
            }
        });
    }

    /** Of all uploads that have left something here, open or not. */
    public Uni<List<UUID>> list() {
        return work.run(() -> {
            try {
                return disk.list(directory).stream()
                        .map(UploadFile::id)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList();
            } catch (NoSuchFileException nothingYet) {
                return List.of();
            } catch (IOException failed) {
                throw new BlobException(BlobException.Reason.UNAVAILABLE, "staging: " + failed, failed);
            }
        });
    }

    private static UploadException failure(UUID id, IOException failed) {
        return switch (failed) {
            case FileAlreadyExistsException there -> new UploadException(Reason.EXISTS, id, "is there already", there);
            case NoSuchFileException missing -> new UploadException(Reason.MISSING, id, "is not there", missing);
            default -> new UploadException(Reason.BROKEN, id, String.valueOf(failed.getMessage()), failed);
        };
    }
}
