package dev.holdfast.media.store;

import dev.holdfast.media.store.UploadException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file of an upload: appended to, counted and hashed. All of it blocks.
 *
 * <p>Once the disk has failed, it fails for ever: what is in the file is then unknown, and only a new handle, from the last
 * checkpoint on, can go on with it. Calls wait for each other, because a caller who cancels leaves one under way.
 */
final class UploadFile {
    private static final String CHECKPOINTS = ".checkpoints";

    private final Disk disk;
    private final UUID id;
    private final Path directory;
    private final OpenFile file;
    private final MessageDigest digest;
    private final long sizeMax;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Checkpoints checkpoints;
    private long offset;
    private long checkpointed;
    private @Nullable UploadException broken;

    private UploadFile(
            Disk disk,
            UUID id,
            Path directory,
            long sizeMax,
            OpenFile file,
            @Nullable Checkpoints checkpoints,
            Checkpoints.Resumed from) {
        this.disk = disk;
        this.id = id;
        this.directory = directory;
        this.sizeMax = sizeMax;
        this.file = file;
        this.checkpoints = checkpoints;
        this.digest = from.digest();
        this.offset = from.offset();
        this.checkpointed = from.offset();
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /** @throws FileAlreadyExistsException when there is one of this id */
    static UploadFile create(Disk disk, UUID id, Path directory, long sizeMax) throws IOException {
        OpenFile file = disk.create(path(directory, id));
        return new UploadFile(disk, id, directory, sizeMax, file, null, new Checkpoints.Resumed(0, Sha256.digest()));
    }

    /** @throws NoSuchFileException when there is none, or it has no checkpoint */
    static UploadFile resume(Disk disk, UUID id, Path directory, long sizeMax) throws IOException {
        OpenFile file = disk.open(path(directory, id));
        Checkpoints checkpoints = null;
        try {
            checkpoints = Checkpoints.open(disk, checkpoints(directory, id));
            Checkpoints.Resumed from = checkpoints.resume(file);
            // behind it may be anything
            disk.truncate(file, from.offset());
            // whoever wrote the checkpoint perhaps did not get as far
            disk.syncDirectory(directory);
            return new UploadFile(disk, id, directory, sizeMax, file, checkpoints, from);
        } catch (IOException failed) {
            file.close();
            if (checkpoints != null) {
                checkpoints.close();
            }
            throw failed;
        }
    }

    /** True when there was something of it. */
    static boolean delete(Disk disk, UUID id, Path directory) throws IOException {
        boolean deleted = disk.delete(path(directory, id));
        return disk.delete(checkpoints(directory, id)) || deleted;
    }

    /** Of a file in the directory. */
    static Optional<UUID> id(Path path) {
        String name = path.getFileName().toString();
        String id = name.endsWith(CHECKPOINTS) ? name.substring(0, name.length() - CHECKPOINTS.length()) : name;
        return ObjectKey.uuid(id);
    }

    static Path path(Path directory, UUID id) {
        return directory.resolve(id.toString());
    }

    private static Path checkpoints(Path directory, UUID id) {
        return directory.resolve(id + CHECKPOINTS);
    }

    UUID id() {
        return id;
    }

    /** Bytes that it has, synced or not. */
    long offset() {
        lock.lock();
        try {
            return offset;
        } finally {
            lock.unlock();
        }
    }

    /** @throws UploadException unless it has exactly so many bytes */
    long expect(long expected) {
        return step(() -> {
            if (expected != offset) {
                throw new UploadException(Reason.WRONG_OFFSET, id, "has %d bytes, not %d".formatted(offset, expected));
            }
            return offset;
        });
    }

    long append(ByteBuffer bytes) {
        return step(() -> {
            if (bytes.remaining() > sizeMax - offset) {
                throw new UploadException(Reason.TOO_LARGE, id, "more than %d bytes".formatted(sizeMax));
            }
            ByteBuffer hashed = bytes.duplicate();
            int length = bytes.remaining();
            disk.write(file, offset, bytes);
            digest.update(hashed);
            offset += length;
            return offset;
        });
    }

    /** What it has by now can be resumed from when this returns, even after a power cut. */
    long checkpoint() {
        return step(() -> {
            disk.sync(file);
            boolean first = checkpoints == null;
            if (checkpoints == null) {
                checkpoints = Checkpoints.create(disk, checkpoints(directory, id));
            }
            checkpoints.write(offset, Sha256.soFar(digest));
            if (first) {
                // the names of both files
                disk.syncDirectory(directory);
            }
            checkpointed = offset;
            return offset;
        });
    }

    /** A checkpoint if as many bytes have come since the last one. */
    long checkpointAfter(long bytes) {
        return step(() -> offset - checkpointed >= bytes ? checkpoint() : offset);
    }

    /** Synced, and closed. */
    StagedFile finish() {
        return step(() -> {
            if (checkpoints == null) {
                disk.sync(file);
            } else {
                checkpoint();
            }
            var staged = new StagedFile(id, file.path(), Sha256.soFar(digest), offset);
            closeFiles();
            return staged;
        });
    }

    void close() {
        lock.lock();
        try {
            closeFiles();
        } catch (IOException failed) {
            throw new UploadException(Reason.BROKEN, id, "not closed: " + failed.getMessage(), failed);
        } finally {
            lock.unlock();
        }
    }

    private void closeFiles() throws IOException {
        try (file) {
            if (checkpoints != null) {
                checkpoints.close();
            }
        }
    }

    private <T> T step(Step<T> step) {
        lock.lock();
        try {
            if (broken != null) {
                throw new UploadException(Reason.BROKEN, id, "has failed before", broken);
            }
            return step.run();
        } catch (IOException failed) {
            broken = new UploadException(Reason.BROKEN, id, String.valueOf(failed.getMessage()), failed);
            throw broken;
        } finally {
            lock.unlock();
        }
    }
}
