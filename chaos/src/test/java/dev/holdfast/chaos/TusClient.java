package dev.holdfast.chaos;

import dev.holdfast.testkit.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The client that browsers use, in a process of Node.js. */
final class TusClient implements AutoCloseable {
    private static final Path SOURCES = Path.of("src", "test", "tus-client");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "upload.js");
    private static final Duration INSTALLATION_LIMIT = Duration.ofMinutes(1);

    private final Process process;
    private final BufferedReader lines;

    private TusClient(Process process) {
        this.process = process;
        this.lines = process.inputReader();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Where there is no Node.js, the test is skipped. */
    static Path install() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                isThere("node") && isThere("npm"), "There is no Node.js: install it (apt-get install nodejs npm).");
        Path directory = Files.createDirectories(Path.of("target", "tus-client"));
        for (String file : FILES) {
            Files.write(directory.resolve(file), Files.readAllBytes(SOURCES.resolve(file)));
        }
        Command.run(directory, INSTALLATION_LIMIT, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
                .orThrow();
        return directory;
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return Command.run(INSTALLATION_LIMIT, program, "--version").exitCode() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** @param installed by {@link #install} */
    static TusClient start(Path installed, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("node", "upload.js"));
        command.addAll(List.of(arguments));
        return new TusClient(new ProcessBuilder(command)
                .directory(installed.toFile())
                .redirectError(installed.resolve("errors.log").toFile())
                .start());
    }

    /** The next thing that it tells; null at its end. */
    String next() throws IOException {
        return lines.readLine();
    }

    void goOn() throws IOException {
        process.getOutputStream().write("go on\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
