package dev.holdfast.bench.media;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Median;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A sweep of a million images of which a tenth are nobody's, while somebody uploads. */
public final class MillionSweep implements Comparison {
    private static final int COUNT = Scale.of(1_000_000);
    private static final int WARM_UP_UPLOADS = Scale.of(5_000);
    private static final int UPLOADS = Scale.of(400);
    private static final int UPLOAD_SIZE = 100_000;
    private static final int LIMIT_MS = Scale.of(90_000);

    /** Otherwise it sweeps by itself when it has started. */
    private static final Map<String, String> UNSCHEDULED = Map.of("QUARKUS_SCHEDULER_ENABLED", "false");

    private final Picture picture;
    private int uploaded;
    private @Nullable Shelves shelves;
    private @Nullable Run before;

    /** What all runs share; each makes the orphans anew. */
    private record Shelves(Schema schema, Path directory, Warehouse warehouse) {}

    public MillionSweep() {
        try {
            picture = Picture.of(600, 400, UPLOAD_SIZE);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject(
                        "media-sweep-million",
                        "ms",
                        "a walk that holds the ids of all used images in memory, deletes the other files one by one and syncs nothing,"
                                + " while nothing else happens",
                        new Goal.ValueBelow(LIMIT_MS)),
                new Subject(
                        "media-sweep-uploads",
                        "ms",
                        "its own uploads of 100 KB before the sweep, one client",
                        new Goal.RatioAtMost(1.2)));
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        Shelves filled = filled(servers);
        try (var service = MediaService.start(servers, filled.schema(), filled.directory(), UNSCHEDULED);
                var threads = Executors.newSingleThreadExecutor()) {
            upload(servers, service, enough(WARM_UP_UPLOADS));
            before = upload(servers, service, enough(UPLOADS));
            Stopwatch stopwatch = servers.startStopwatch();
            Future<Run> sweep = threads.submit(() -> {
                service.sweep();
                return stopwatch.stopMs(COUNT);
            });
            Run meanwhile = upload(servers, service, sweep::isDone);
            Run run = sweep.get();
            filled.warehouse().check(filled.schema());
            return List.of(run, meanwhile);
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Run uploadsBefore = before;
        if (uploadsBefore == null) {
            throw new IllegalStateException("The product runs first");
        }
        Shelves filled = filled(servers);
        Stopwatch stopwatch = servers.startStopwatch();
        deleteUnused(filled);
        Run run = stopwatch.stopMs(COUNT);
        filled.warehouse().check(filled.schema());
        return List.of(run, uploadsBefore);
    }

    private Shelves filled(Servers servers) throws Exception {
        if (shelves == null) {
            Schema schema = Schema.empty(servers, "media");
            Path directory = servers.emptyDirectory("media-million");
            MediaService.start(servers, schema, directory, UNSCHEDULED).close();
            shelves = new Shelves(schema, directory, new Warehouse(directory, COUNT));
        }
        shelves.warehouse().fill(shelves.schema());
        return shelves;
    }

    private static BooleanSupplier enough(int uploads) {
        int[] left = {uploads};
        return () -> left[0]-- <= 0;
    }

    /** One after the other; the median in milliseconds. */
    private Run upload(Servers servers, MediaService service, BooleanSupplier ended) throws IOException, SQLException {
        var nanos = new ArrayList<Long>();
        Stopwatch stopwatch = servers.startStopwatch();
        do {
            byte[] image = picture.copy(uploaded++);
            long start = System.nanoTime();
            service.upload(image);
            nanos.add(System.nanoTime() - start);
        } while (!ended.getAsBoolean());
        return stopwatch.stop(nanos.size()).withValue(Median.ofNanos(nanos));
    }

    private static void deleteUnused(Shelves filled) throws IOException, SQLException {
        Set<String> used = new HashSet<>();
        try (Connection connection = filled.schema().connectAsOwner();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("DELETE FROM blob WHERE NOT EXISTS (SELECT FROM media_ref WHERE blob_id = id)");
            statement.setFetchSize(10_000);
            try (var rows = statement.executeQuery("SELECT id::text FROM blob")) {
                while (rows.next()) {
                    used.add(rows.getString(1));
                }
            }
            connection.commit();
        }
        try (Stream<Path> paths = Files.walk(filled.directory().resolve("objects"))) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = String.valueOf(path.getFileName());
                int dot = name.indexOf('.');
                if (dot > 0 && !used.contains(name.substring(dot + 1))) {
                    Files.delete(path);
                }
            }
        }
    }
}
