package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignalsTest {

    @Test
    void killsWhatDoesNotEndByRequest() throws Exception {
        // Given
        Process stubborn =
                new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done").start();
        assertThat(stubborn.inputReader().readLine()).isEqualTo("ready");

        // When
        Signals.terminate(stubborn.toHandle(), Duration.ofMillis(300));

        // Then
        assertThat(Signals.hasEnded(stubborn.toHandle())).isTrue();
    }

    @Test
    void seesTheEndOfAProcessWhoseParentNeverNoticesIt() throws Exception {
        assumeThat(Files.isDirectory(Path.of("/proc/self"))).as("Linux").isTrue();
        // Given: exec makes sleep the parent, and sleep does not wait for children
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.1 & echo $!; exec sleep 60").start();
        var zombie = ProcessHandle.of(Long.parseLong(parent.inputReader().readLine()))
                .orElseThrow();

        // When
        boolean ended = Signals.awaitExit(zombie, Duration.ofSeconds(5));

        // Then
        assertThat(ended).isTrue();
        assertThat(zombie.isAlive()).as("to the operating system").isTrue();
        parent.destroyForcibly();
    }

    @Test
    void waitsEvenWhenItsThreadIsInterrupted() throws Exception {
        // Given
        Process process = new ProcessBuilder("sleep", "0.3").start();
        Thread.currentThread().interrupt();

        // When
        boolean ended = Signals.awaitExit(process.toHandle(), Duration.ofSeconds(5));

        // Then
        assertThat(ended).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }
}
