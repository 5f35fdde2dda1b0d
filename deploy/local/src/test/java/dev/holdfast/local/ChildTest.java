package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    @Test
    void reportsADeathWithItsCauseAndItsLogAndStartsAgain() throws Exception {
        // Given
        Child child = child("echo out of cheese; exec sleep 60");
        child.start().get(5, TimeUnit.SECONDS);
        await().until(() -> Files.readString(log().path()).contains("cheese"));

        // When
        processes.getFirst().destroyForcibly();

        // Then
        await().until(() -> processes.size() == 2 && reports.size() == 3);
        assertThat(reports.get(0)).contains("oven died (killed by signal 9)", "out of cheese");
        assertThat(reports.get(1)).isEqualTo("oven starts again in 1 s");
        assertThat(reports.get(2)).isEqualTo("oven is back (the kitchen)");
        child.stop();
    }

    @Test
    void endsItsProcessWhenItStopsAndStartsNoOther() throws Exception {
        // Given
        Child child = child("exec sleep 60");
        child.start().get(5, TimeUnit.SECONDS);

        // When
        child.stop();

        // Then
        assertThat(processes)
                .singleElement()
                .satisfies(process ->
                        assertThat(Signals.hasEnded(process.toHandle())).isTrue());
        assertThat(reports).isEmpty();
    }

    @Test
    void stopsWhileItWaitsToStartAgain() throws Exception {
        // Given
        Child child = child("exit 3");
        child.start().get(5, TimeUnit.SECONDS);
        await().until(() -> reports.contains("oven starts again in 1 s"));

        // When
        child.stop();

        // Then
        assertThat(reports.getFirst()).contains("oven died (exit code 3)");
        assertThat(processes).allMatch(process -> Signals.hasEnded(process.toHandle()));
    }

    @Test
    void doesNotTryAgainWhenItsVeryFirstStartFails() {
        // Given
        Child child = new Child(
                new Oven("exit 0") {
                    @Override
                    public Running start() throws IOException {
                        throw new IOException("no gas");
                    }
                },
                reports::add,
                InstantSource.system());

        // When
        var start = child.start();

        // Then
        assertThat(start).failsWithin(Duration.ofSeconds(5)).withThrowableThat().withMessageContaining("no gas");
        assertThat(reports).isEmpty();
    }

    private Child child(String script) {
        return new Child(new Oven(script), reports::add, InstantSource.system());
    }

    private LogFile log() {
        return new LogFile(directory.resolve("oven.log"));
    }

    private class Oven implements Part {

        private final String script;

        Oven(String script) {
            this.script = script;
        }

        @Override
        public String name() {
            return "oven";
        }

        @Override
        public String address() {
            return "the kitchen";
        }

        @Override
        public LogFile log() {
            return ChildTest.this.log();
        }

        @Override
        public Running start() throws IOException {
            Process process = new ProcessBuilder("sh", "-c", script)
                    .redirectOutput(log().append())
                    .start();
            processes.add(process);
            return new Running(process, () -> Signals.terminate(process.toHandle(), STOP_TIMEOUT));
        }
    }
}
