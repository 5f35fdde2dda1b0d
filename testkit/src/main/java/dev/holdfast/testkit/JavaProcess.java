package dev.holdfast.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java program in a process of its own, to be killed, paused and resumed. Ends with the test's JVM at the latest. */
public final class JavaProcess implements AutoCloseable {
    private static final int EXIT_TIMEOUT_SECONDS = 30;

    private final Process process;
    private final Path log;

    private JavaProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * Starts {@code java <arguments>}.
     *
     * @param log takes what it prints
     * @param environment added to this process's own
     */
    public static JavaProcess start(List<String> arguments, Map<String, String> environment, Path log)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new JavaProcess(builder.start(), log);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public String output() throws IOException {
        return Files.readString(log);
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGSTOP: alive, and doing nothing. */
    public void pause() throws IOException, InterruptedException {
        Signal.send("STOP", pid());
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Signal.send("CONT", pid());
    }

    /** SIGTERM, and waits. */
    public void stop() throws InterruptedException {
        process.destroy();
        awaitExit();
    }

    private void awaitExit() throws InterruptedException {
        if (!process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Process %d does not end".formatted(pid()));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
