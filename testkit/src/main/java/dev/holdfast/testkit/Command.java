package dev.holdfast.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs to its end and has none of this process's streams: those of a test's JVM are its channel to Maven.
 * A child that writes into them, or that only makes its end of them non-blocking as Node.js does, ends the whole run with
 * "std/in stream corrupted".
 */
public final class Command {
    private Command() {}

    /** @param output both of its streams */
    public record Result(List<String> command, int exitCode, String output) {

        /**
         * The output.
         *
         * @throws IOException with the output, if the program failed
         */
        public String orThrow() throws IOException {
            if (exitCode != 0) {
                throw new IOException(
                        "'%s' ended with %d: %s".formatted(String.join(" ", command), exitCode, output.strip()));
            }
            return output;
        }
    }

    /**
     * In the current directory.
     *
     * @see #run(Path, Duration, String...)
     */
    public static Result run(Duration limit, String... command) throws IOException, InterruptedException {
        return run(Path.of(""), limit, command);
    }

    /** @throws IOException if there is no such program, or if it does not end within the limit, when it is killed */
    public static Result run(Path directory, Duration limit, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("command", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("'%s' does not end within %s: %s"
                            .formatted(String.join(" ", command), limit, Files.readString(output)));
                }
            } finally {
                process.destroyForcibly();
            }
            return new Result(List.of(command), process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
