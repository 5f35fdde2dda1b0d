package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void keepsBothStreamsAndTheExitCode() throws Exception {
        var result = Command.run(LIMIT, "sh", "-c", "echo out; echo err >&2; exit 3");

        assertThat(result.output()).isEqualTo("out\nerr\n");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThatThrownBy(result::orThrow)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 3: out\nerr");
    }

    @Test
    void runsWhereItIsTold(@TempDir Path directory) throws Exception {
        assertThat(Command.run(directory.toRealPath(), LIMIT, "pwd").orThrow().strip())
                .isEqualTo(directory.toRealPath().toString());
    }

    /** All that a program could read here is what Maven writes for the test's JVM. */
    @Test
    void hasNothingToRead() throws Exception {
        assertThat(Command.run(LIMIT, "sh", "-c", "cat; readlink /proc/$$/fd/0 /proc/$PPID/fd/0")
                        .output()
                        .lines())
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void isKilledAtItsLimit() {
        assertThatThrownBy(() -> Command.run(Duration.ofMillis(300), "sh", "-c", "echo begun; exec sleep 60"))
                .hasMessageContaining("does not end within PT0.3S: begun");
    }

    @Test
    void saysWhichProgramIsMissing() {
        assertThatThrownBy(() -> Command.run(LIMIT, "no-such-program"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-program");
    }
}
