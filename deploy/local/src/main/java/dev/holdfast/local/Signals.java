package dev.holdfast.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends processes. {@link ProcessHandle} knows the signals TERM and KILL; PostgreSQL wants INT and QUIT.
 *
 * <p>None of the waits can be interrupted: an interrupted thread that cleans up must still see the end of its process.
 */
final class Signals {

    private static final long POLL_INTERVAL_MS = 100;

    private Signals() {}

    static void send(String signal, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run `kill`, which stopping a process needs", e);
        }
    }

    /** By SIGTERM, then, when the time is over, by SIGKILL. Returns when the process has ended. */
    static void terminate(ProcessHandle process, Duration timeout) {
        process.destroy();
        if (!awaitExit(process, timeout)) {
            process.destroyForcibly();
            awaitExit(process, timeout);
        }
    }

    /** Whether the process ended within the time. */
    static boolean awaitExit(ProcessHandle process, Duration timeout) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (!hasEnded(process) && System.nanoTime() < deadlineNs) {
            process.onExit()
                    .completeOnTimeout(process, POLL_INTERVAL_MS, TimeUnit.MILLISECONDS)
                    .join();
        }
        return hasEnded(process);
    }

    /**
     * Also true of a process that ended and waits for its parent to notice. In a container whose first process is no init, nobody
     * ever notices the end of an orphan.
     */
    static boolean hasEnded(ProcessHandle process) {
        return !process.isAlive() || isZombie(process);
    }

    private static boolean isZombie(ProcessHandle process) {
        try {
            // "<pid> (<name>) <state> ...", and the name may have parentheses of its own
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.startsWith(") Z", stat.lastIndexOf(')'));
        } catch (IOException noSuchFileHere) {
            return false;
        }
    }
}
