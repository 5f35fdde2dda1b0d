package dev.holdfast.local.media;

import dev.holdfast.local.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Backups side by side. Each has a folder named after its time, with the database; images never change, so all share one set of them
 * and each backup adds those that are new. Removing old backups is removing all of the folder, after a new one has been begun.
 */
public record BackupFolder(Path path) {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAMES = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d{6}\\.\\d{3}Z");

    /** A backup, whole or not yet. */
    public record Entry(Path path) {
        static final String IMAGES = "images.list";

        /** Images of all backups beside this one. */
        ImageFiles images() {
            return new ImageFiles(Objects.requireNonNull(path.toAbsolutePath().getParent()));
        }

        Path list() {
            return path.resolve(IMAGES);
        }

        Path scripts() {
            return path.resolve("schema");
        }

        /** What is not as it was made; by the names of files. */
        Set<String> damage(Manifest manifest) throws IOException, SQLException {
            var damaged = new ConcurrentSkipListSet<String>();
            for (var file : manifest.files().entrySet()) {
                Path copy = path.resolve(file.getKey());
                if (!Files.exists(copy) || !Durable.hash(copy).equals(file.getValue())) {
                    damaged.add(file.getKey());
                }
            }
            if (damaged.contains(IMAGES)) {
                return damaged;
            }
            var known = Set.copyOf(manifest.damaged());
            EachImage.of(list(), image -> {
                if (!known.contains(image.name()) && !images().isIntact(image)) {
                    damaged.add("objects/" + image.key());
                }
            });
            return damaged;
        }
    }

    /** The newest one that is whole, or this one itself when it is one. */
    public Entry newestWhole() throws IOException {
        if (Manifest.isIn(path)) {
            return new Entry(path);
        }
        return entries()
                .filter(entry -> Manifest.isIn(entry.path()))
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new BackupException(
                        "There is no whole backup in %s: one that was interrupted is none. `make media-backup` makes one."
                                .formatted(path)));
    }

    /** In the order of their times. */
    private Stream<Entry> entries() throws IOException {
        var folders = new ArrayList<Path>();
        if (Files.isDirectory(path)) {
            try (Stream<Path> found = Files.list(path)) {
                found.filter(folder -> NAMES.matcher(folder.getFileName() + "").matches())
                        .forEach(folders::add);
            }
        }
        return folders.stream().sorted().map(Entry::new);
    }

    /** Lets one backup at a time be made here; the operating system releases it, however its process ends. */
    FileChannel lock() throws IOException {
        Files.createDirectories(path);
        FileChannel file = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(file) == null) {
            file.close();
            throw new BackupException("Another backup is being made in %s.".formatted(path));
        }
        return file;
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** Empty, with its name durable. Whatever of others was interrupted is deleted, but for images, which are of use. */
    Entry begin(Instant now) throws IOException {
        for (Entry entry : entries().toList()) {
            if (!Manifest.isIn(entry.path())) {
                Trees.delete(entry.path());
            }
        }
        var entry = new Entry(path.resolve(NAME.format(now)));
        Files.createDirectory(entry.path());
        for (String folder : List.of("tables", "schema")) {
            Files.createDirectory(entry.path().resolve(folder));
        }
        Durable.syncDirectory(path);
        return entry;
    }
}
