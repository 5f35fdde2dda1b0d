package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessTest {
    /** Counts aloud. */
    private static final String COUNTER = """
            void main() throws Exception {
              for (int i = 0; ; i++) { System.out.println(i); Thread.sleep(20); }
            }
            """;

    @Test
    void standsStillWhilePausedAndIsGoneWhenKilled(@TempDir Path directory) throws Exception {
        // Given
        Path source = Files.writeString(directory.resolve("Counter.java"), COUNTER);
        try (var process = JavaProcess.start(List.of(source.toString()), Map.of(), directory.resolve("log"))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> process.output().contains("3\n"));

            // When
            process.pause();
            String paused = process.output();

            // Then
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .until(() -> process.output().equals(paused));
            process.resume();
            Awaitility.await().until(() -> process.output().length() > paused.length());
            process.kill();
            assertThat(process.isAlive()).isFalse();
        }
    }
}
