package dev.holdfast.local.media;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Copies the images of a running service, in this order:
 *
 * <ol>
 *   <li>a hold: no bytes are deleted from now on;
 *   <li>how far the service has read events;
 *   <li>a snapshot of the database, with the bytes that are there;
 *   <li>the files that its rows name, each checked by its hash;
 *   <li>the hold is released, and has lasted;
 *   <li>the manifest.
 * </ol>
 *
 * A row's bytes are stored before it commits and deleted after it is gone, and not while the hold lasts; so the bytes of each row of
 * the snapshot are there to be copied. The other way round, files first, an upload in between would be a row without bytes.
 */
public final class MediaBackup {
    private final Holds holds;
    private final MediaDatabase database;
    private final EventPositions positions;
    private final ImageFiles files;
    private final List<Path> scripts;
    private final InstantSource clock;

    /**
     * @param directory of the service's files
     * @param scripts folders with the migrations
     */
    public MediaBackup(
            Holds holds,
            MediaDatabase database,
            EventPositions positions,
            Path directory,
            List<Path> scripts,
            InstantSource clock) {
        this.holds = holds;
        this.database = database;
        this.positions = positions;
        this.files = new ImageFiles(directory);
        this.scripts = scripts;
        this.clock = clock;
    }

    /**
     * What was copied.
     *
     * @param folder of this backup
     * @param rows of all tables
     * @param copied files that were new, present those that an earlier backup had
     * @param inDatabase images whose bytes came with the rows
     * @param elsewhere images in S3, which are not copied
     * @param damaged images whose bytes the service itself does not have
     */
    public record Report(
            Path folder,
            Instant snapshotAt,
            long rows,
            long copied,
            long copiedBytes,
            long present,
            long inDatabase,
            long elsewhere,
            List<String> damaged,
            Duration database,
            Duration files) {}

    /** @throws BackupException when there is none; what the folder then has of it has no manifest */
    public Report take(BackupFolder folder) throws IOException, SQLException {
        try (FileChannel _ = folder.lock()) {
            return takeAlone(folder);
        }
    }

    private Report takeAlone(BackupFolder folder) throws IOException, SQLException {
        UUID hold = holds.hold();
        boolean held = true;
        try {
            Instant began = clock.instant();
            List<EventPositions.Position> read = positions.read();
            BackupFolder.Entry entry = folder.begin(began);
            Snapshot snapshot = Snapshot.take(database, entry.path());
            SchemaScripts.copy(snapshot.scripts(), scripts, entry.scripts(), database)
                    .forEach((script, hash) -> snapshot.files().put("schema/" + script, hash));
            Instant copiedRows = clock.instant();
            ImageFiles.Copied copied = entry.images().copyFrom(files, entry.list());
            held = false;
            if (!holds.release(hold)) {
                throw new BackupException(
                        "The hold ended before the copy did, so bytes may be missing: there is no backup. Give it more time, as MINUTES=240.");
            }
            var damaged = new ArrayList<String>();
            snapshot.damaged().forEach(image -> damaged.add(image.name()));
            copied.damaged().forEach(image -> damaged.add(image.name()));
            var manifest = new Manifest(
                    Manifest.FORMAT,
                    snapshot.at().toString(),
                    snapshot.tables(),
                    snapshot.sequences(),
                    snapshot.files(),
                    snapshot.images(),
                    damaged,
                    read);
            manifest.writeTo(entry.path());
            return new Report(
                    entry.path(),
                    snapshot.at(),
                    manifest.rows(),
                    copied.copied(),
                    copied.bytes(),
                    copied.present(),
                    manifest.images("postgres").count(),
                    manifest.images("s3").count(),
                    damaged,
                    Duration.between(began, copiedRows),
                    Duration.between(copiedRows, clock.instant()));
        } finally {
            if (held) {
                holds.release(hold);
            }
        }
    }
}
