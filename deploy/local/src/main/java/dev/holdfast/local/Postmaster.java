package dev.holdfast.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The server process that {@code postmaster.pid} in a data directory names, if it is alive and really that server.
 *
 * <p>The file outlives a killed server, and its number may belong to somebody else's process by then, so the process must be a
 * {@code postgres} whose command line names the directory.
 */
final class Postmaster {

    private static final Duration FAST_SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE_SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);

    private Postmaster() {}

    static Optional<ProcessHandle> running(Path dataDirectory) throws IOException {
        return recordedPid(dataDirectory)
                .flatMap(ProcessHandle::of)
                .filter(process -> !Signals.hasEnded(process))
                .filter(process -> serves(process, dataDirectory));
    }

    /**
     * Ends the process: first a fast shutdown (open transactions roll back, a checkpoint is written), then, when that takes too
     * long, an immediate one (the next start recovers from the write-ahead log). Neither loses a committed transaction.
     */
    static void stop(ProcessHandle process) {
        if (Signals.hasEnded(process)) {
            return;
        }
        Signals.send("INT", process);
        if (!Signals.awaitExit(process, FAST_SHUTDOWN_TIMEOUT)) {
            Signals.send("QUIT", process);
            if (!Signals.awaitExit(process, IMMEDIATE_SHUTDOWN_TIMEOUT)) {
                throw new IllegalStateException(
                        "PostgreSQL (process %d) does not stop, neither on SIGINT nor on SIGQUIT. Look at its log, then end it by hand."
                                .formatted(process.pid()));
            }
        }
    }

    private static Optional<Long> recordedPid(Path dataDirectory) throws IOException {
        try {
            return Files.readAllLines(dataDirectory.resolve("postmaster.pid")).stream()
                    .findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("\\d{1,18}"))
                    .map(Long::valueOf);
        } catch (NoSuchFileException neverStarted) {
            return Optional.empty();
        }
    }

    private static boolean serves(ProcessHandle process, Path dataDirectory) {
        boolean isPostgres = process.info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()).startsWith("postgres"))
                .orElse(false);
        return isPostgres
                && process.info()
                        .commandLine()
                        .map(line -> line.contains(dataDirectory.toString()))
                        .orElse(false);
    }
}
