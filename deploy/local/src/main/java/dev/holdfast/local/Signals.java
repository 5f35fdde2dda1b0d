package dev.holdfast.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Ends processes. {@link ProcessHandle} knows the signals TERM and KILL; PostgreSQL wants INT and QUIT.
 *
 * <p>None of the waits can be interrupted: an interrupted thread that cleans up must still see the end of its process.
 */
final class Signals {

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
        try {
            process.onExit()
                    .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            return true;
        } catch (CompletionException timedOut) {
            return !process.isAlive();
        }
    }
}
