package dev.holdfast.media.variant;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/** Files that are used by one piece of work. What an earlier process has left is deleted when this one begins. */
final class TemporaryFiles {
    private static final Logger LOG = Logger.getLogger(TemporaryFiles.class);

    private final Path directory;
    private final Executor housekeeping;

    private TemporaryFiles(Path directory, Executor housekeeping) {
        this.directory = directory;
        this.housekeeping = housekeeping;
    }

    /**
     * Blocks.
     *
     * @param directory has nothing else; no other process uses it
     */
    static TemporaryFiles in(Path directory, Executor housekeeping) throws IOException {
        Files.createDirectories(directory);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
        return new TemporaryFiles(directory, housekeeping);
    }

    /** One that is not there yet. */
    Path next() {
        return directory.resolve(UUID.randomUUID().toString());
    }

    /** Soon, if it is there; not by those who wait for disks, because when all of these are busy nobody else would do it. */
    void discard(Path file) {
        try {
            housekeeping.execute(() -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException failed) {
                    LOG.warnf("%s stays until the next start: %s", file, failed);
                }
            });
        } catch (RejectedExecutionException closed) {
            // the next start finds it
        }
    }
}
