package dev.holdfast.local.media;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/** Backs up the images of the running local cluster. Exit code 0 when there is a whole backup of whole images. */
final class Backup {
    static final List<Path> SCRIPTS = List.of(
            Path.of("media/src/main/resources/db/migration"), Path.of("platform/src/main/resources/db/platform"));
    static final Path DIRECTORY = Path.of(".local/media");
    static final Path FOLDER = Path.of(".local/media-backup");

    private Backup() {}

    public static void main(String[] args) {
        var settings = new Settings(System.getenv());
        try {
            MediaBackup.Report report = new MediaBackup(
                            new MediaClient("http://localhost:" + settings.number("MEDIA_PORT", 8084))
                                    .holds(settings.number("MINUTES", 60)),
                            MediaDatabase.local(settings.number("POSTGRES_PORT", 15432)),
                            new EventPositions(
                                    "localhost:" + settings.number("KAFKA_PORT", 19092), EventPositions.OF_MEDIA),
                            DIRECTORY,
                            SCRIPTS,
                            InstantSource.system())
                    .take(new BackupFolder(settings.path("TO", FOLDER)));
            System.out.println(text(report));
            if (!report.damaged().isEmpty()) {
                System.err.println("  The service itself has no intact bytes of: " + report.damaged());
                System.exit(1);
            }
        } catch (BackupException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (SQLException | IOException e) {
            System.err.println("There is no backup: " + e.getMessage());
            System.exit(1);
        }
    }

    static String text(MediaBackup.Report report) {
        return """
                  rows      %,d, with the bytes of %,d images, in %.1f s
                  files     %,d copied (%,.1f MB), %,d were there, in %.1f s
                  S3        %,d images are in the bucket, and not in here
                  whole     %s
                            what was acknowledged after %s is not in it""".formatted(
                        report.rows(),
                        report.inDatabase(),
                        report.database().toMillis() / 1e3,
                        report.copied(),
                        report.copiedBytes() / 1e6,
                        report.present(),
                        report.files().toMillis() / 1e3,
                        report.elsewhere(),
                        report.folder(),
                        report.snapshotAt())
                .indent(2)
                .stripTrailing();
    }
}
