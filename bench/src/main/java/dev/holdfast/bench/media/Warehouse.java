package dev.holdfast.bench.media;

import dev.holdfast.bench.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Very many small images, as the files store has them: number n has n in 100 digits as its bytes. Of ten, one is nobody's: by turns a
 * file without a row, and a row with its file that nobody uses.
 */
final class Warehouse {
    private static final int DIGITS = 100;
    private static final int TENTH = 10;
    private static final int THREADS = 4;
    private static final int PREFIX = 2;

    private static final List<String> TIDY = List.of("VACUUM ANALYZE blob", "VACUUM ANALYZE media_ref");

    private final Path objects;
    private final int count;
    private boolean filled;

    /** @param directory of the store */
    Warehouse(Path directory, int count) {
        this.objects = directory.resolve("objects");
        this.count = count;
    }

    static byte[] content(int number) {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number).getBytes(StandardCharsets.US_ASCII);
    }

    static String id(int number) {
        return String.format(Locale.ROOT, "01900000-0000-7000-8000-%012x", number);
    }

    static boolean isOrphan(int number) {
        return number % TENTH == 0;
    }

    Path path(int number) {
        String hash = Picture.sha256(content(number));
        return objects.resolve(hash.substring(0, PREFIX))
                .resolve(hash.substring(PREFIX, 2 * PREFIX))
                .resolve(hash + "." + id(number));
    }

    int orphans() {
        return Math.ceilDiv(count, TENTH);
    }

    /** Makes all of it in the first place, and the orphans each time. */
    void fill(Schema schema) throws Exception {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int part = 0; part < THREADS; part++) {
                int first = part;
                running.add(threads.submit(() -> {
                    for (int number = first; number < count; number += THREADS) {
                        if (!filled || isOrphan(number)) {
                            make(number);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        filled = true;
        schema.execute("""
            INSERT INTO blob (id, sha256, size, media_type, width, height, backend)
            SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                   sha256(convert_to(lpad(n::text, 100, '0'), 'UTF8')), 100, 'image/png', 1, 1, 'files'
              FROM generate_series(0, %1$d - 1) AS n
             WHERE n %% 20 <> 0
            ON CONFLICT DO NOTHING;
            INSERT INTO media_ref (owner_type, owner_id, role, blob_id)
            SELECT 'bench', n::text, 'image', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
              FROM generate_series(0, %1$d - 1) AS n
             WHERE n %% 10 <> 0
            ON CONFLICT DO NOTHING;
            """.formatted(count));
        for (String statement : TIDY) {
            schema.execute(statement);
        }
    }

    private void make(int number) throws IOException {
        Path path = path(number);
        Files.createDirectories(path.resolveSibling(""));
        Files.write(path, content(number));
    }

    /** Throws unless the orphans are gone, and nothing else. */
    void check(Schema schema) throws IOException, SQLException {
        long files;
        try (Stream<Path> paths = Files.walk(objects)) {
            files = paths.filter(Warehouse::isOurs).count();
        }
        long rows = MediaService.number(schema, "SELECT count(*) FROM blob WHERE size = %d".formatted(DIGITS));
        long kept = (long) count - orphans();
        if (files != kept || rows != kept) {
            throw new IllegalStateException("%d files and %d rows are left instead of %d".formatted(files, rows, kept));
        }
    }

    private static boolean isOurs(Path path) {
        return String.valueOf(path.getFileName()).contains(".01900000-0000-7000-8000-");
    }
}
