package dev.holdfast.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's data directory, used by one Java process at a time.
 *
 * <p>The lock on a file beside it ends with the process that holds it, so a server that runs on a directory that is not locked was
 * left over. The directory is made under another name and renamed when it is complete, so a start that is killed in the middle
 * leaves nothing that looks like a database.
 */
final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    static DataDirectory lock(Path path) throws IOException {
        FileChannel lockFile =
                FileChannel.open(sibling(path, "lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(lockFile) == null) {
            lockFile.close();
            throw new IllegalStateException(
                    "Another running process uses the PostgreSQL data in %s. Stop it, or choose another directory."
                            .formatted(path));
        }
        return new DataDirectory(path, lockFile);
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static Path sibling(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + "." + suffix);
    }

    /** Makes the database cluster unless there is one. */
    void initialise(PostgresBinaries binaries, ProcessBuilder.Redirect log) throws IOException {
        if (Files.exists(path.resolve("PG_VERSION"))) {
            return;
        }
        Path unfinished = sibling(path, "initdb");
        Trees.delete(unfinished);
        Process initdb = new ProcessBuilder(binaries.command(
                        "initdb",
                        "--pgdata=" + unfinished,
                        "--username=postgres",
                        "--encoding=UTF-8",
                        // the same order of strings on every machine, whatever its locales are
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions"))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        if (initdb.onExit().join().exitValue() != 0) {
            throw new IOException("The PostgreSQL data directory %s cannot be made".formatted(path));
        }
        askServicesForPasswords(unfinished);
        Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING);
    }

    /** As everywhere else a service needs its password; only the superuser comes in without one, from this machine. */
    private static void askServicesForPasswords(Path directory) throws IOException {
        Files.writeString(directory.resolve("pg_hba.conf"), """
                # type database user     address   method
                host   all      postgres localhost trust
                host   all      all      localhost scram-sha-256
                """);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
