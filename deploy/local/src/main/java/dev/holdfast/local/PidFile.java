package dev.holdfast.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers a process beyond the life of the one that started it.
 *
 * <p>Numbers of processes are reused, so the file also has the time at which its process started; a process with the same number
 * and another start is somebody else's, and is not found.
 */
record PidFile(Path path) {

    /** The operating system tells a start relative to its own, and corrections of the clock shift that by a little. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    /** Of the part. */
    String name() {
        return String.valueOf(path.getFileName()).replace(".pid", "");
    }

    void write(ProcessHandle process) throws IOException {
        Instant started = process.info().startInstant().orElseGet(Instant::now);
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.writeString(path, process.pid() + " " + started.toEpochMilli() + "\n");
    }

    /** The process, if it still runs. */
    Optional<ProcessHandle> running() {
        try {
            String[] fields = Files.readString(path).strip().split(" ", -1);
            Instant started = Instant.ofEpochMilli(Long.parseLong(fields[1]));
            return ProcessHandle.of(Long.parseLong(fields[0]))
                    .filter(process -> !Signals.hasEnded(process))
                    .filter(process -> startedAt(process, started));
        } catch (NoSuchFileException neverStarted) {
            return Optional.empty();
        } catch (NumberFormatException | IndexOutOfBoundsException halfWritten) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    private static boolean startedAt(ProcessHandle process, Instant started) {
        return process.info()
                .startInstant()
                .map(actual -> Duration.between(actual, started).abs().compareTo(TOLERANCE) <= 0)
                .orElse(false);
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path, e);
        }
    }
}
