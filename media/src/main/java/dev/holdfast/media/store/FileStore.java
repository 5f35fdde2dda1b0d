package dev.holdfast.media.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Blobs as files {@code objects/aa/bb/<sha256>.<id>}.
 *
 * <p>A put renames the staged file, whose bytes are synced by then, and then syncs both directories: first the one that the name
 * comes to, since a name that is in neither would be lost. Nothing is ever written to a file under its final name.
 */
final class FileStore implements BlobStore {
    private static final int CHUNK_LENGTH = 64 * 1024;

    private final Disk disk;
    private final Path objects;
    private final Directories directories;
    private final FileWork work;

    /** @param base as that of the {@link Staging} */
    FileStore(Disk disk, Path base, FileWork work) {
        this.disk = disk;
        this.objects = base.resolve("objects");
        this.directories = new Directories(disk, base);
        this.work = work;
    }

    @Override
    public Uni<Void> put(BlobRef ref, StagedFile staged) {
        Path target = path(ref);
        return run(ref.id(), () -> {
                    staged.checkIs(ref);
                    directories.ensure(folder(target));
                    return disk.exists(target);
                })
                .chain(there ->
                        there ? BlobStore.super.verify(ref) : Uni.createFrom().item(Integrity.MISSING))
                .chain(found -> run(ref.id(), () -> {
                    switch (found) {
                        case CORRUPT -> throw BlobException.differs(ref.id());
                        case MISSING -> rename(ref, staged.path(), target);
                        case INTACT -> disk.delete(staged.path());
                    }
                    disk.syncDirectory(folder(target));
                    disk.syncDirectory(folder(staged.path()));
                    return true;
                }))
                .replaceWithVoid();
    }

    /** Whoever puts the same blob at the same time may have renamed it before. */
    private void rename(BlobRef ref, Path from, Path to) throws IOException {
        try {
            if (disk.size(from) != ref.size()) {
                throw BlobException.differs(ref.id());
            }
            disk.rename(from, to);
        } catch (NoSuchFileException gone) {
            if (!disk.exists(to)) {
                throw gone;
            }
        }
    }

    @Override
    public Multi<Buffer> read(BlobRef ref, long offset, long length) {
        ref.checkRange(offset, length);
        return Multi.createFrom()
                .<OpenFile, Buffer>resourceFromUni(
                        () -> run(ref.id(), () -> disk.openToRead(path(ref))),
                        file -> chunks(ref, file, offset, length))
                .withFinalizer((Function<? super OpenFile, Uni<Void>>) this::close);
    }

    private Multi<Buffer> chunks(BlobRef ref, OpenFile file, long offset, long length) {
        long end = offset + length;
        return Multi.createFrom()
                .range(0, Math.toIntExact((length + CHUNK_LENGTH - 1) / CHUNK_LENGTH))
                .onItem()
                .transformToUniAndConcatenate(number -> {
                    long at = offset + (long) number * CHUNK_LENGTH;
                    return run(ref.id(), () -> chunk(ref, file, at, (int) Math.min(CHUNK_LENGTH, end - at)));
                });
    }

    private Buffer chunk(BlobRef ref, OpenFile file, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        disk.read(file, at, bytes);
        if (bytes.hasRemaining()) {
            throw BlobException.differs(ref.id());
        }
        return Buffer.buffer(bytes.array());
    }

    private Uni<Void> close(OpenFile file) {
        return work.run(() -> {
                    file.close();
                    return true;
                })
                .replaceWithVoid();
    }

    @Override
    public Optional<Path> file(BlobRef ref) {
        return Optional.of(path(ref));
    }

    @Override
    public Uni<Boolean> delete(BlobRef ref) {
        return delete(new StoredBlob(ref.id(), ObjectKey.of(ref), ref.size()));
    }

    @Override
    public Uni<Boolean> delete(StoredBlob stored) {
        Path path = objects.resolve(stored.key());
        return run(stored.id(), () -> {
            boolean deleted = disk.delete(path);
            if (deleted) {
                disk.syncDirectory(folder(path));
            }
            return deleted;
        });
    }

    /** A directory at a time. */
    @Override
    public Multi<StoredBlob> list() {
        return entries(objects)
                .onItem()
                .transformToMultiAndConcatenate(this::entries)
                .onItem()
                .transformToMultiAndConcatenate(folder -> Multi.createFrom()
                        .uni(work.run(() -> blobs(folder)))
                        .onItem()
                        .disjoint());
    }

    private Multi<Path> entries(Path folder) {
        return Multi.createFrom().uni(work.run(() -> listed(folder))).onItem().disjoint();
    }

    private List<Path> listed(Path folder) throws IOException {
        try {
            return disk.list(folder);
        } catch (NoSuchFileException | NotDirectoryException nothingOfOurs) {
            return List.of();
        }
    }

    private List<StoredBlob> blobs(Path folder) throws IOException {
        var blobs = new ArrayList<StoredBlob>();
        for (Path path : listed(folder)) {
            String key = objects.relativize(path).toString();
            Optional<UUID> id = ObjectKey.id(key);
            if (id.isPresent()) {
                try {
                    blobs.add(new StoredBlob(id.get(), key, disk.size(path)));
                } catch (NoSuchFileException deleted) {
                    // since the directory was read
                }
            }
        }
        return blobs;
    }

    @Override
    public Uni<Optional<Long>> size(BlobRef ref) {
        return work.run(() -> {
            try {
                return Optional.of(disk.size(path(ref)));
            } catch (NoSuchFileException missing) {
                return Optional.empty();
            }
        });
    }

    private Path path(BlobRef ref) {
        return objects.resolve(ObjectKey.of(ref));
    }

    private static Path folder(Path file) {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("%s is in no directory".formatted(file));
        }
        return folder;
    }

    private interface Task<T> {
        T run() throws IOException;
    }

    private <T> Uni<T> run(UUID id, Task<T> task) {
        return work.run(() -> {
            try {
                return task.run();
            } catch (NoSuchFileException missing) {
                throw BlobException.missing(id);
            } catch (IOException failed) {
                throw new BlobException(BlobException.Reason.UNAVAILABLE, "blob %s: %s".formatted(id, failed), failed);
            }
        });
    }
}
