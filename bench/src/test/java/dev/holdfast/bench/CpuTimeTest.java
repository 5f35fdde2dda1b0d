package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class CpuTimeTest {
    @Test
    void countsTheTimeOfAChildThatHasEnded() throws IOException, InterruptedException {
        // Given
        double before = CpuTime.seconds().orElseThrow();

        // When
        Process child = new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done").start();
        child.waitFor();

        // Then
        assertThat(CpuTime.seconds().orElseThrow() - before).isGreaterThan(0.05);
    }
}
