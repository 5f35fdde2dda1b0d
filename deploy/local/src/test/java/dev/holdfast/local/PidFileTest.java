package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir
    Path root;

    private Layout layout;
    private Process process;

    @BeforeEach
    void startAProcess() throws Exception {
        layout = new Layout(root);
        process = new ProcessBuilder("sleep", "60").start();
    }

    @AfterEach
    void endIt() {
        process.destroyForcibly();
    }

    @Test
    void findsItsProcessWhileItRuns() throws Exception {
        // Given
        PidFile file = layout.pidFile("payments");
        file.write(process.toHandle());
        assertThat(file.running()).contains(process.toHandle());

        // When
        process.destroyForcibly().waitFor();

        // Then
        assertThat(file.running()).isEmpty();
    }

    @Test
    void neverTakesAProcessThatGotTheSameNumberLaterForItsOwn() throws Exception {
        // Given
        PidFile file = layout.pidFile("payments");
        file.write(process.toHandle());
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        Files.writeString(file.path(), process.pid() + " " + yesterday.toEpochMilli());

        // When
        boolean stopped = LeftOvers.stop(layout, line -> {});

        // Then
        assertThat(stopped).isFalse();
        assertThat(process.isAlive()).isTrue();
        assertThat(file.path()).doesNotExist();
    }

    @Test
    void survivesAFileThatWasHalfWritten() throws Exception {
        // Given
        PidFile file = layout.pidFile("payments");
        file.write(process.toHandle());

        // When
        Files.writeString(file.path(), "12");

        // Then
        assertThat(file.running()).isEmpty();
    }

    @Test
    void letsALeftOverProcessBeStopped() throws Exception {
        // Given
        layout.pidFile("payments").write(process.toHandle());
        var reports = new ArrayList<String>();

        // When
        boolean stopped = LeftOvers.stop(layout, reports::add);

        // Then
        assertThat(stopped).isTrue();
        assertThat(Signals.hasEnded(process.toHandle())).isTrue();
        assertThat(reports).containsExactly("stopping payments, left over from a launcher that was killed");
    }
}
