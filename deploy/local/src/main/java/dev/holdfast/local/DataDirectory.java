package dev.holdfast.local;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL's data directory, which may be in use by somebody else, or half made.
 *
 * <p>When the first start is killed in the middle, the directory looks like a database and is none; {@code initdb} refuses it and
 * so does the server. A marker beside it, there from before {@code initdb} until the first start succeeded, tells that nothing in
 * it can be anybody's data, so that the next start may empty it.
 */
final class DataDirectory {

    private final Path path;
    private final Path unfinished;

    DataDirectory(Path path) {
        this.path = path;
        this.unfinished = path.resolveSibling(path.getFileName() + ".unfinished");
    }

    /** The library that starts the server holds a lock on this file as long as its Java process lives. */
    void refuseWhenInUse() throws IOException {
        Path lockFile = path.resolve("epg-lock");
        if (Files.exists(lockFile) && !canLock(lockFile)) {
            throw new IllegalStateException(
                    "Another running process uses the PostgreSQL data in %s. Stop it, or choose another directory."
                            .formatted(path));
        }
    }

    private static boolean canLock(Path lockFile) throws IOException {
        try (FileOutputStream file = new FileOutputStream(lockFile.toFile());
                FileLock lock = file.getChannel().tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    /** Empties the directory when its first start never finished, and marks it when there was none. */
    void beginUnlessComplete() throws IOException {
        if (Files.exists(unfinished)) {
            empty();
        } else if (!Files.exists(path.resolve("PG_VERSION"))) {
            Files.createFile(unfinished);
        }
    }

    void complete() throws IOException {
        Files.deleteIfExists(unfinished);
    }

    private void empty() throws IOException {
        List<Path> content;
        try (Stream<Path> files = Files.walk(path)) {
            content = files.filter(file -> !file.equals(path))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : content) {
            Files.delete(file);
        }
    }
}
