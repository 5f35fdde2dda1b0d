package dev.holdfast.local.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Images that are files, as the service keeps them and a backup does: {@code objects/aa/bb/<sha256>.<id>}. None is ever changed.
 *
 * @param base has the objects, and what is not finished yet, on one file system
 */
record ImageFiles(Path base) {
    /**
     * What became of a copy.
     *
     * @param copied how many were not there before
     * @param bytes of those
     * @param present how many were there, intact
     * @param damaged those whose bytes the source does not have
     */
    record Copied(long copied, long bytes, long present, Set<ImageRef> damaged) {}

    private enum Outcome {
        COPIED,
        PRESENT,
        DAMAGED
    }

    /** Whether its bytes are there, and are those that its name says. */
    boolean isIntact(ImageRef image) throws IOException {
        Path file = path(image);
        try {
            return Files.size(file) == image.size() && Durable.hash(file).equals(image.sha256());
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    /**
     * Copies what is not there yet, or is there and damaged. It survives a power cut when this returns; when it ends before, it may
     * be run again.
     *
     * @param list has the images
     */
    Copied copyFrom(ImageFiles source, Path list) throws IOException, SQLException {
        Files.createDirectories(unfinished());
        Files.createDirectories(objects());
        var count = new Count();
        EachImage.of(list, image -> count.add(image, copy(image, source)));
        deleteUnfinished();
        syncDirectories(count.folders);
        return new Copied(count.copied, count.bytes, count.present, count.damaged);
    }

    private final class Count {
        private final Set<Path> folders = new ConcurrentSkipListSet<>();
        private final Set<ImageRef> damaged = new ConcurrentSkipListSet<>(ImageRef.ORDER);
        private long copied;
        private long bytes;
        private long present;

        synchronized void add(ImageRef image, Outcome outcome) {
            switch (outcome) {
                case COPIED -> {
                    copied++;
                    bytes += image.size();
                    folders.add(parent(path(image)));
                }
                case PRESENT -> {
                    present++;
                    folders.add(parent(path(image))); // whoever put it there may have been interrupted before this
                }
                case DAMAGED -> damaged.add(image);
            }
        }
    }

    /** Renamed into place when it is whole and synced, so whatever has a name is whole. */
    private Outcome copy(ImageRef image, ImageFiles source) throws IOException, SQLException {
        if (isIntact(image)) {
            return Outcome.PRESENT;
        }
        Path copy = unfinished().resolve(image.name());
        try {
            String hash = Durable.write(copy, out -> Files.copy(source.path(image), out));
            if (!hash.equals(image.sha256()) || Files.size(copy) != image.size()) {
                return Outcome.DAMAGED;
            }
        } catch (NoSuchFileException missing) {
            return Outcome.DAMAGED;
        }
        Path target = path(image);
        Files.createDirectories(parent(target));
        Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
        return Outcome.COPIED;
    }

    /** The names of files, and of the directories that were made for them. */
    private void syncDirectories(Set<Path> folders) throws IOException {
        var parents = new ConcurrentSkipListSet<Path>();
        for (Path folder : folders) {
            Durable.syncDirectory(folder);
            parents.add(parent(folder));
        }
        for (Path folder : parents) {
            Durable.syncDirectory(folder);
        }
        Durable.syncDirectory(objects());
        Durable.syncDirectory(base);
        Durable.syncDirectory(parent(base));
    }

    private void deleteUnfinished() throws IOException {
        try (var files = Files.newDirectoryStream(unfinished())) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(unfinished());
    }

    Path path(ImageRef image) {
        return objects().resolve(image.key());
    }

    private Path objects() {
        return base.resolve("objects");
    }

    private Path unfinished() {
        return base.resolve("unfinished");
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent());
    }
}
