package dev.holdfast.local.media;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * What a backup has in it. It is the last file that is written, so a backup that has one is whole.
 *
 * @param format of all this; others are refused
 * @param snapshotAt by the clock of the database; what was acknowledged later may be missing
 * @param tables in the order in which they can be filled
 * @param files each file of the backup with its hash, the images left out, which have theirs in their names
 * @param images how many there are in each of the service's stores, and their bytes
 * @param damaged those whose bytes the service itself did not have any more
 * @param positions from where on events have to be read after a restore
 */
record Manifest(
        int format,
        String snapshotAt,
        List<Table> tables,
        List<Sequence> sequences,
        Map<String, String> files,
        Map<String, Images> images,
        List<String> damaged,
        List<EventPositions.Position> positions) {
    static final int FORMAT = 1;
    private static final String NAME = "manifest.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Its rows are in {@code tables/<name>.copy}, as PostgreSQL's COPY writes them in its binary format. */
    record Table(String name, List<String> columns, long rows) {
        static String file(String name) {
            return "tables/%s.copy".formatted(name);
        }
    }

    /** A sequence of the schema, such as numbers rows. */
    record Sequence(String name, long lastValue) {}

    /** What a store has. */
    record Images(long count, long bytes) {}

    long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    /** Of the store, none when it has no images. */
    Images images(String store) {
        return images.getOrDefault(store, new Images(0, 0));
    }

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    static Manifest read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        int format = JSON.readTree(file.toFile()).path("format").asInt();
        if (format != FORMAT) {
            throw new BackupException("%s has format %d, and this restores format %d.".formatted(file, format, FORMAT));
        }
        return JSON.readValue(file.toFile(), Manifest.class);
    }

    /** Everything else in the folder is synced; then this is there, wholly, or is not. */
    void writeTo(Path folder) throws IOException, SQLException {
        Path unfinished = folder.resolve(NAME + ".unfinished");
        Durable.write(
                unfinished,
                out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this)));
        Files.move(unfinished, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        Durable.syncDirectory(folder);
    }
}
