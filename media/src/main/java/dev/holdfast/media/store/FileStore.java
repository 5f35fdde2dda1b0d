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
import java.util.stream.Stream;

/**
 * Blobs as files {@code objects/aa/bb/<sha256>.<copy>}.
 *
 * <p>A put renames the staged file, whose bytes are synced by then, and then syncs both directories: first the one that the name
 * comes to, since a name that is in neither would be lost. Nothing is ever written to a file under its final name.
 */
final class FileStore implements BlobStore {
    private static final int CHUNK_LENGTH = 64 * 1024;
    /** Files that one thread deletes before others have their turn. */
    private static final int DELETES = 32;
    /** Threads that delete, of those that uploads wait for, too. */
    private static final int DELETERS = 4;

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
    public StoredBlob stored(BlobRef ref) {
        return new StoredBlob(ref.copy(), ObjectKey.of(ref), ref.size());
    }

    @Override
    public Uni<Boolean> delete(BlobRef ref) {
        return run(ref.id(), () -> disk.delete(path(ref)));
    }

    /** In the order of directories. */
    @Override
    public Uni<Void> delete(List<StoredBlob> stored) {
        return Multi.createFrom()
                .items(stored.stream().map(StoredBlob::key).sorted().map(objects::resolve))
                .group()
                .intoLists()
                .of(DELETES)
                .onItem()
                .transformToUni(files -> work.run(() -> deleteAll(files)))
                .merge(DELETERS)
                .onItem()
                .<IOException>disjoint()
                .collect()
                .asList()
                .invoke(failures -> {
                    if (!failures.isEmpty()) {
                        throw BlobException.notAllDeleted(failures.size(), failures.getFirst());
                    }
                })
                .replaceWithVoid();
    }

    /** What went wrong. */
    private List<IOException> deleteAll(List<Path> files) {
        var failures = new ArrayList<IOException>();
        for (Path file : files) {
            try {
                disk.delete(file);
            } catch (IOException failed) {
                failures.add(failed);
            }
        }
        return failures;
    }

    /** A directory {@code aa} at a time, with all below it: it has 256 others, most of them of few files. */
    @Override
    public Multi<StoredBlob> list() {
        return Multi.createFrom()
                .uni(work.run(() -> listed(objects)))
                .onItem()
                .<Path>disjoint()
                .onItem()
                .transformToUniAndConcatenate(folder -> work.run(
                        () -> listed(folder).stream().flatMap(this::blobs).toList()))
                .onItem()
                .disjoint();
    }

    private List<Path> listed(Path folder) {
        try {
            return disk.list(folder);
        } catch (NoSuchFileException | NotDirectoryException nothingOfOurs) {
            return List.of();
        } catch (IOException failed) {
            throw BlobException.unavailable(folder, failed);
        }
    }

    private Stream<StoredBlob> blobs(Path folder) {
        return listed(folder).stream().flatMap(path -> blob(path).stream());
    }

    /** Empty for other things, and for what was deleted since the directory was read. */
    private Optional<StoredBlob> blob(Path path) {
        String key = objects.relativize(path).toString();
        Optional<UUID> id = ObjectKey.id(key);
        try {
            return id.isEmpty() ? Optional.empty() : Optional.of(new StoredBlob(id.get(), key, disk.size(path)));
        } catch (NoSuchFileException deleted) {
            return Optional.empty();
        } catch (IOException failed) {
            throw BlobException.unavailable(path, failed);
        }
    }

    @Override
    public Uni<Optional<Long>> size(BlobRef ref) {
        return run(ref.id(), () -> {
            try {
                return Optional.of(disk.size(path(ref)));
            } catch (NoSuchFileException missing) {
                return Optional.empty();
            }
        });
    }

    @Override
    public Uni<Long> footprint(BlobRef ref) {
        return run(ref.id(), () -> {
            long block = disk.blockSize(path(ref));
            return Math.ceilDiv(disk.size(path(ref)), block) * block;
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
