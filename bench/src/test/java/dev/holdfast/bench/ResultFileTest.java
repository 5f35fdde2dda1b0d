package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    @TempDir
    Path directory;

    @Test
    void replacesWhatWasMeasuredAgainAndKeepsTheRest() throws IOException {
        // Given
        var file = new ResultFile(directory.resolve("results.json"));
        file.merge(List.of(result("todo-b", 1), result("todo-a", 1)));

        // When
        file.merge(List.of(result("todo-b", 2)));

        // Then
        assertThat(file.read()).containsExactly(result("todo-a", 1), result("todo-b", 2));
    }

    @Test
    void writesAListWithNullWhereThereIsNothingToSay() throws IOException {
        // Given
        Path path = directory.resolve("results.json");

        // When
        new ResultFile(path).merge(List.of(result("todo-a", 1.5)));

        // Then
        assertThat(Files.readString(path)).isEqualToIgnoringWhitespace("""
                [ { "name": "todo-a", "value": 1.5, "unit": "todos/s", "peer": "a peer", "peerValue": 1.0, "ratio": 1.5,
                    "goal": null, "met": null, "runs": 3, "cpuSeconds": null, "cpuSecondsPerMillion": null,
                    "peerCpuSecondsPerMillion": null } ]
                """);
    }

    private static Result result(String name, double value) {
        return new Result(name, value, "todos/s", "a peer", 1, value, null, null, 3, null, null, null);
    }
}
