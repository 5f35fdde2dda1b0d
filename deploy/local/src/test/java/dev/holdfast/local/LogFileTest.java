package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    private static final long TWENTY_MB = 20L * 1024 * 1024;

    @TempDir
    Path directory;

    private LogFile log;

    @BeforeEach
    void nameIt() {
        log = new LogFile(directory.resolve("logs").resolve("service.log"));
    }

    @Test
    void tellsItsLastLines() throws Exception {
        // Given
        Files.writeString(log.prepare().path(), "one\ntwo\nthree\n");

        // When
        var tail = log.tail(2);

        // Then
        assertThat(tail).containsExactly("two", "three");
    }

    @Test
    void saysThatThereIsNoneInsteadOfFailing() {
        assertThat(log.tail(5)).singleElement().asString().contains("cannot be read");
    }

    @Test
    void isKeptAsideOnceItIsTooLarge() throws Exception {
        // Given
        log.prepare();
        try (var file = new RandomAccessFile(log.path().toFile(), "rw")) {
            file.setLength(TWENTY_MB + 1);
        }

        // When
        log.prepare();

        // Then
        assertThat(log.path()).doesNotExist();
        assertThat(directory.resolve("logs/service.log.1")).hasSize(TWENTY_MB + 1);
    }
}
