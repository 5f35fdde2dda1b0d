package dev.holdfast.local.media;

import dev.holdfast.local.Ports;
import dev.holdfast.local.QuietCluster;
import dev.holdfast.local.Trees;
import dev.holdfast.local.media.Load.Acknowledged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Loses all images of a cluster of its own, in files and in the database, while clients upload, and gets them back from a backup that
 * was made while they uploaded. Exit code 0 when nothing is missing that was acknowledged before the backup began.
 */
final class Drill {
    private static final int BEFORE = 1_000;
    private static final int AFTER = 200;
    private static final int FAILURES = 20;
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final long POLL_MS = 20;
    private static final int HOLD_MINUTES = 10;
    private static final String DEADLOCK = "40P01";
    private static final Path JAR = Path.of("media/target/quarkus-app/quarkus-run.jar");

    private final Path root;
    private final int port = Ports.free();
    private final MediaClient media = new MediaClient("http://localhost:" + port);
    private final Map<String, String> ports =
            Map.of("POSTGRES_PORT", Ports.free() + "", "KAFKA_PORT", Ports.free() + "");

    private Drill(Path root) {
        this.root = root;
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("java.awt.headless", "true");
        Path root = Files.createTempDirectory(Path.of("deploy/local/target").toAbsolutePath(), "drill");
        try {
            if (new Drill(root).run()) {
                Trees.delete(root);
                return;
            }
        } catch (BackupException e) {
            System.err.println(e.getMessage());
        }
        System.err.println("  Everything is still in " + root);
        System.exit(1);
    }

    private boolean run() throws Exception {
        var folder = new BackupFolder(root.resolve("backup"));
        Instant backupBegan;
        MediaBackup.Report backup;
        List<Acknowledged> acknowledged;
        Erasure erasure;
        boolean isErased;
        say("a cluster of its own starts in " + root);
        try (QuietCluster cluster = start()) {
            Process service = cluster.startService("media", port, JAR);
            erasure = new Erasure(media);
            try (var load = new Load(media)) {
                await("uploads", () -> load.acknowledged().size() >= BEFORE);
                int before = load.acknowledged().size();
                backupBegan = Instant.now();
                backup = backUp(cluster, folder);
                say("%,d uploads were acknowledged, %,d more during the backup"
                        .formatted(before, load.acknowledged().size() - before));
                System.out.println(Backup.text(backup));
                int until = load.acknowledged().size() + AFTER;
                await("uploads after the backup", () -> load.acknowledged().size() >= until);
                isErased = erasure.take(cluster.kafka().bootstrapServers());
                say("a user was erased after the backup: " + (isErased ? "forgotten" : "NOT FORGOTTEN"));

                long refused = load.refused();
                destroy(cluster);
                await("the loss to be noticed", () -> load.refused() >= refused + FAILURES);
                say("all files and the schema are gone");
                service.destroyForcibly().waitFor();
                acknowledged = List.copyOf(load.acknowledged());
            }
        }

        Instant recoveryBegan = Instant.now();
        try (QuietCluster cluster = start()) {
            MediaRestore.Report restored = Restore.restore(cluster, directory(), folder, MediaRestore.Consent.NONE);
            Duration restore = Duration.between(recoveryBegan, Instant.now());
            cluster.startService("media", port, JAR);
            Duration recovery = Duration.between(recoveryBegan, Instant.now());
            System.out.println(Restore.text(restored));
            boolean isErasedAgain = erasure.isDone();
            say("erased    " + (isErasedAgain ? "again" : "AND BACK AGAIN"));
            return report(cluster, acknowledged, backupBegan, backup, restore, recovery) && isErased && isErasedAgain;
        }
    }

    private QuietCluster start() throws IOException {
        return QuietCluster.start(root, ports, Drill::say);
    }

    private MediaBackup.Report backUp(QuietCluster cluster, BackupFolder folder) throws IOException, SQLException {
        return new MediaBackup(
                        media.holds(HOLD_MINUTES),
                        MediaDatabase.local(cluster.postgres().port()),
                        new EventPositions(cluster.kafka().bootstrapServers(), EventPositions.OF_MEDIA),
                        directory(),
                        Backup.SCRIPTS,
                        InstantSource.system())
                .take(folder);
    }

    private void destroy(QuietCluster cluster) throws IOException, SQLException {
        Files.move(directory(), root.resolve("gone")); // in one step, since it is being written to
        Trees.delete(root.resolve("gone"));
        while (!dropSchema(cluster)) {
            say("PostgreSQL resists: a deadlock with an upload");
        }
    }

    private static boolean dropSchema(QuietCluster cluster) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(cluster.postgres().adminJdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA media CASCADE");
            return true;
        } catch (SQLException e) {
            if (DEADLOCK.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private boolean report(
            QuietCluster cluster,
            List<Acknowledged> acknowledged,
            Instant backupBegan,
            MediaBackup.Report backup,
            Duration restore,
            Duration recovery)
            throws IOException, SQLException {
        var lost = new Tally();
        var during = new Tally();
        var later = new Tally();
        for (Acknowledged image : acknowledged) {
            Tally tally =
                    image.at().isBefore(backupBegan) ? lost : image.at().isBefore(backup.snapshotAt()) ? during : later;
            tally.add(media.has(image.sha256()));
        }
        Verification scrub =
                Verification.of(MediaDatabase.local(cluster.postgres().port()), directory());
        boolean isWell = lost.missing + during.missing == 0 && scrub.isClean();
        System.out.printf(
                """

                  time to back up      %.1f s, under load
                  time to recover      %.1f s, and %.1f s until the service is ready; starts of database and broker included
                  before the backup    %,d acknowledged, %,d lost
                  before its snapshot  %,d acknowledged, %,d lost
                  after its snapshot   %,d acknowledged, %,d lost: what a recovery to the time of the backup costs
                  scrub                %,d images intact, %,d damaged

                  %s
                """,
                backup.database().plus(backup.files()).toMillis() / 1e3,
                restore.toMillis() / 1e3,
                recovery.toMillis() / 1e3,
                lost.all,
                lost.missing,
                during.all,
                during.missing,
                later.all,
                later.missing,
                scrub.intact(),
                scrub.damaged().size(),
                isWell ? "Nothing is lost that the backup had to have." : "SOMETHING IS LOST.");
        return isWell;
    }

    private static final class Tally {
        private long all;
        private long missing;

        void add(boolean isThere) {
            all++;
            missing += isThere ? 0 : 1;
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(WAIT_MAX);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("Waited %d s for %s".formatted(WAIT_MAX.toSeconds(), what));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }

    private Path directory() {
        return root.resolve(Backup.DIRECTORY);
    }

    private static void say(String line) {
        System.out.println("  " + line);
    }
}
