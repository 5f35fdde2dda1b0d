package dev.holdfast.bench.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** sharp behind the HTTP server of Node.js, as {@code bench/sharp} has it; {@code bench/run} installs it. */
final class SharpServer implements AutoCloseable {
    private static final Path INSTALLED = Path.of("bench", "target", "sharp");
    private static final int TIMEOUT_SECONDS = 10;

    private final Process process;
    private final int port;

    private SharpServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Optional<String> missing() {
        return Program.find("node").isPresent() && Files.exists(INSTALLED.resolve("node_modules/sharp"))
                ? Optional.empty()
                : Optional.of("It needs Node.js with npm: apt-get install nodejs npm");
    }

    /** @param pictures the directory of what it makes smaller */
    static SharpServer start(Path pictures, Path log) throws IOException {
        Process process = new ProcessBuilder(
                        Program.get("node").toString(),
                        INSTALLED.resolve("server.js").toAbsolutePath().toString(),
                        pictures.toAbsolutePath().toString())
                .redirectError(log.toFile())
                .start();
        String port = process.inputReader().readLine();
        if (port == null) {
            throw new IOException("sharp does not start, see " + log);
        }
        return new SharpServer(process, Integer.parseInt(port));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
