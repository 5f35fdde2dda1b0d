package dev.holdfast.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/** What a child process wrote. Appended to from run to run, so that the reason of yesterday's crash is still there. */
record LogFile(Path path) {

    private static final long ROTATE_AT_BYTES = 20L * 1024 * 1024;
    private static final int TAIL_BYTES = 16 * 1024;

    /** Makes its directory, and keeps one older file once this one has more than 20 MB. */
    LogFile prepare() throws IOException {
        Files.createDirectories(Objects.requireNonNull(path.toAbsolutePath().getParent()));
        if (Files.exists(path) && Files.size(path) > ROTATE_AT_BYTES) {
            Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return this;
    }

    ProcessBuilder.Redirect append() {
        return ProcessBuilder.Redirect.appendTo(path.toFile());
    }

    /** The last lines, as far as they are within the last 16 kB; one line that says so when it cannot be read. */
    List<String> tail(int count) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TAIL_BYTES));
            byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, file.length() - file.getFilePointer())];
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of("(%s cannot be read: %s)".formatted(path, e.getMessage()));
        }
    }

    /** For the message of an error. */
    String reason() {
        return String.join(System.lineSeparator() + "    ", tail(5)) + System.lineSeparator() + "    (more in " + path
                + ")";
    }
}
