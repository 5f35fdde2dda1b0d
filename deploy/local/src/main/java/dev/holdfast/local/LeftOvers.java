package dev.holdfast.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Processes that go on after their launcher was killed. They hold ports and the database, so they are stopped before a start: first
 * the services and the broker, then PostgreSQL, as on an orderly stop.
 */
final class LeftOvers {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private LeftOvers() {}

    /** Whether there were any. */
    static boolean stop(Layout layout, Consumer<String> report) throws IOException {
        List<PidFile> found = new ArrayList<>();
        Files.createDirectories(layout.runDirectory());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.runDirectory(), "*.pid")) {
            files.forEach(file -> found.add(new PidFile(file)));
        }
        List<ProcessHandle> alive = new ArrayList<>();
        for (PidFile file : found) {
            file.running().ifPresent(process -> {
                report.accept("stopping %s, left over from a launcher that was killed".formatted(file.name()));
                alive.add(process);
                process.destroy();
            });
        }
        alive.forEach(process -> Signals.terminate(process, STOP_TIMEOUT));
        found.forEach(PidFile::delete);

        Optional<ProcessHandle> postmaster = Postmaster.running(layout.postgresData());
        postmaster.ifPresent(process -> {
            report.accept("stopping postgres, left over from a launcher that was killed");
            Postmaster.stop(process);
        });
        return postmaster.isPresent() || !alive.isEmpty();
    }
}
