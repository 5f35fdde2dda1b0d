package dev.holdfast.local.media;

import dev.holdfast.local.CannotStartException;
import dev.holdfast.local.QuietCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;

/** Restores the images of the local cluster, which must not run. Exit code 0 when each row has its bytes. */
final class Restore {
    private Restore() {}

    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        var settings = new Settings(environment);
        try (var cluster = QuietCluster.start(Path.of(""), environment, line -> System.out.println("  " + line))) {
            MediaRestore.Report report = restore(
                    cluster,
                    Backup.DIRECTORY,
                    new BackupFolder(settings.path("FROM", Backup.FOLDER)),
                    new MediaRestore.Consent(settings.isSaid("YES"), settings.isSaid("MISS_EVENTS")));
            System.out.println(text(report));
        } catch (BackupException | CannotStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (SQLException | IOException e) {
            System.err.println("No row was restored; this may be run again: " + e.getMessage());
            System.exit(1);
        }
    }

    static MediaRestore.Report restore(
            QuietCluster cluster, Path directory, BackupFolder folder, MediaRestore.Consent consent)
            throws IOException, SQLException {
        return new MediaRestore(
                        MediaDatabase.local(cluster.postgres().port()),
                        new EventPositions(cluster.kafka().bootstrapServers(), EventPositions.OF_MEDIA),
                        directory,
                        InstantSource.system())
                .restore(folder, consent);
    }

    static String text(MediaRestore.Report report) {
        return """
                  checked   all of %s, in %.1f s
                  files     %,d copied, %,d were there, in %.1f s
                  rows      %,d, in %.1f s with the check
                  intact    %,d images by their hashes: %,d files, %,d in the database
                  S3        %,d images, which were not looked at
                  lost      %s
                  as of     %s; what happened to people and products since then is done again when the service starts""".formatted(
                        report.folder(),
                        report.checked().toMillis() / 1e3,
                        report.copied(),
                        report.present(),
                        report.files().toMillis() / 1e3,
                        report.rows(),
                        report.database().toMillis() / 1e3,
                        report.images().intact(),
                        report.images().files(),
                        report.images().rows(),
                        report.images().elsewhere(),
                        report.damaged().isEmpty()
                                ? "nothing"
                                : "before the backup was made, by the service itself: " + report.damaged(),
                        report.snapshotAt())
                .indent(2)
                .stripTrailing();
    }
}
