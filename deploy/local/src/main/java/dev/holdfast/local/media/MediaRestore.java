package dev.holdfast.local.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Puts a backup in place of whatever the service has, while the service does not run, in this order:
 *
 * <ol>
 *   <li>all of the backup is checked; nothing has been touched until then;
 *   <li>the service's groups are set back, so that whatever has happened to people and products since is read again;
 *   <li>the files, each synced under its name;
 *   <li>the schema, made anew by the backup's own migrations;
 *   <li>one transaction: all rows, and then each row is checked against its bytes.
 * </ol>
 *
 * It may end anywhere and be run again: the rows come last, so that none is without its bytes.
 */
public final class MediaRestore {
    private static final String HAS_TABLE = "SELECT to_regclass('blob') IS NOT NULL";
    private static final String COUNT = "SELECT count(*) FROM blob";
    private static final String SET_SEQUENCE = "SELECT setval(?::regclass, ?)";
    private static final int SHOWN_MAX = 20;

    private final MediaDatabase database;
    private final EventPositions positions;
    private final Path directory;
    private final InstantSource clock;

    /** @param directory of the service's files */
    public MediaRestore(MediaDatabase database, EventPositions positions, Path directory, InstantSource clock) {
        this.database = database;
        this.positions = positions;
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * What may be overwritten or missed.
     *
     * @param replace images that are there go
     * @param missEvents events since the backup that Kafka has deleted are not asked for
     */
    public record Consent(boolean replace, boolean missEvents) {
        public static final Consent NONE = new Consent(false, false);
        public static final Consent REPLACE = new Consent(true, false);
    }

    /**
     * What is there now.
     *
     * @param images by the store that has them, checked by their hashes
     * @param damaged those that the service had lost before the backup
     */
    public record Report(
            Path folder,
            Instant snapshotAt,
            long rows,
            Verification images,
            List<String> damaged,
            long copied,
            long present,
            Duration checked,
            Duration files,
            Duration database) {}

    /** @throws BackupException when it is refused, with nothing touched, or has failed, and may be run again */
    public Report restore(BackupFolder folder, Consent consent) throws IOException, SQLException {
        Instant began = clock.instant();
        BackupFolder.Entry entry = folder.newestWhole();
        Manifest manifest = Manifest.read(entry.path());
        refuseDamage(entry, manifest);
        refuseMissedEvents(manifest, consent);
        refuseImages(consent);
        Instant checked = clock.instant();

        positions.reset(manifest.positions());
        Files.createDirectories(directory);
        ImageFiles.Copied copied = new ImageFiles(directory).copyFrom(entry.images(), entry.list());
        Instant copiedFiles = clock.instant();

        SchemaScripts.replay(entry.scripts(), database);
        Verification found = load(entry, manifest);
        return new Report(
                entry.path(),
                Instant.parse(manifest.snapshotAt()),
                manifest.rows(),
                found,
                manifest.damaged(),
                copied.copied(),
                copied.present(),
                Duration.between(began, checked),
                Duration.between(checked, copiedFiles),
                Duration.between(copiedFiles, clock.instant()));
    }

    private static void refuseDamage(BackupFolder.Entry entry, Manifest manifest) throws IOException, SQLException {
        Set<String> damage = entry.damage(manifest);
        if (!damage.isEmpty()) {
            throw new BackupException(
                    "This backup is damaged, and nothing was touched. Missing, or not what it was: %s in %s. Restore an older one: FROM=%s/<time>."
                            .formatted(
                                    shown(List.copyOf(damage)),
                                    entry.path(),
                                    entry.path().getParent()));
        }
    }

    private static String shown(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(names.size(), SHOWN_MAX)))
                + (names.size() > SHOWN_MAX ? " and %d more".formatted(names.size() - SHOWN_MAX) : "");
    }

    private void refuseMissedEvents(Manifest manifest, Consent consent) {
        List<EventPositions.Position> gone = positions.gone(manifest.positions());
        if (!gone.isEmpty() && !consent.missEvents()) {
            throw new BackupException(
                    "Kafka has deleted events that came after this backup, of %s: who was erased by one of them would be back. Nothing was touched. Say MISS_EVENTS=1 to restore all the same, and then erase them again."
                            .formatted(gone.stream()
                                    .map(EventPositions.Position::topicPartition)
                                    .toList()));
        }
    }

    private void refuseImages(Consent consent) throws SQLException {
        if (consent.replace()) {
            return;
        }
        try (Connection connection = database.begin()) {
            if (text(connection, HAS_TABLE).equals("t")
                    && !text(connection, COUNT).equals("0")) {
                throw new BackupException(
                        "There are %s images, and a restore puts the backup in their place. Nothing was touched. Say YES=1 if that is meant."
                                .formatted(text(connection, COUNT)));
            }
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Verification load(BackupFolder.Entry entry, Manifest manifest) throws IOException, SQLException {
        try (Connection connection = database.begin()) {
            for (Manifest.Table table : manifest.tables()) {
                load(connection, entry.path(), table);
            }
            for (Manifest.Sequence sequence : manifest.sequences()) {
                set(connection, sequence);
            }
            Verification found = Verification.of(connection, new ImageFiles(directory));
            List<String> lost = found.damaged().stream()
                    .filter(image -> !manifest.damaged().contains(image))
                    .toList();
            if (!lost.isEmpty()) {
                throw new BackupException(
                        "Rows would be without their bytes, so none was written: %s. Run it again; when it says the same, the disk under %s does not keep what is written to it."
                                .formatted(shown(lost), directory));
            }
            connection.commit();
            return found;
        }
    }

    private static void load(Connection connection, Path folder, Manifest.Table table)
            throws IOException, SQLException {
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        var columns = new Catalogue.Columns(table.name(), table.columns());
        try (InputStream rows = Files.newInputStream(folder.resolve(Manifest.Table.file(table.name())))) {
            long copied = copies.copyIn(columns.copyIn(), rows);
            if (copied != table.rows()) {
                throw new BackupException(
                        "%d rows came into %s, and the backup has %d.".formatted(copied, table.name(), table.rows()));
            }
        }
    }

    private static void set(Connection connection, Manifest.Sequence sequence) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SET_SEQUENCE)) {
            statement.setString(1, MediaDatabase.quoted(sequence.name()));
            statement.setLong(2, sequence.lastValue());
            statement.execute();
        }
    }
}
