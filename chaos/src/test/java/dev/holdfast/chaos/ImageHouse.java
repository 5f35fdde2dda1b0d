package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.chaos.ImageUser.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Media's database and directory, read by someone who has nothing to do with the service. */
final class ImageHouse {
    private final Cluster cluster;
    private final Path directory;

    /** @param directory of the service's store */
    ImageHouse(Cluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    /** As if so much time had gone by that nobody who is gone will come back. */
    void expireUploads() throws SQLException {
        try (Connection connection = cluster.connect();
                var statement = connection.createStatement()) {
            statement.execute("UPDATE media.upload_intent SET expires_at = now()");
        }
    }

    void assertEachUseIsThere(List<Use> uses) throws SQLException {
        assertThat(list("""
                        SELECT encode(sha256, 'hex') || ' ' || owner_id FROM media.media_ref JOIN media.blob ON id = blob_id
                        """))
                .as("what is used, and nothing else")
                .isEqualTo(sorted(uses.stream().map(use -> use.hash() + " " + use.owner())));
    }

    /** To be asked after a sweep, while nobody uploads. */
    void assertNothingElseIsThere() throws Exception {
        assertThat(list("""
                        SELECT id::text FROM media.blob
                         WHERE state <> 'l' OR NOT EXISTS (SELECT FROM media.media_ref WHERE blob_id = id)
                        """)).as("images that nobody uses").isEmpty();
        assertThat(list("SELECT id::text FROM media.upload_intent"))
                .as("uploads under way")
                .isEmpty();
        assertThat(files("staging")).as("leftovers of uploads").isEmpty();
        assertThat(files("objects"))
                .as("files, and rows of files")
                .isEqualTo(list("SELECT encode(sha256, 'hex') || '.' || id FROM media.blob WHERE backend = 'files'"));
        assertThat(list("SELECT DISTINCT blob_id::text FROM media.blob_chunk"))
                .as("images in the database, and rows of them")
                .isEqualTo(list("SELECT id::text FROM media.blob WHERE backend = 'postgres'"));
    }

    void assertAllBytesAreRight() throws Exception {
        assertThat(list("""
                        SELECT id::text
                          FROM media.blob
                          LEFT JOIN LATERAL (
                            SELECT sha256(string_agg(bytes, '' ORDER BY number)) AS hash, sum(octet_length(bytes)) AS length
                              FROM media.blob_chunk WHERE blob_id = id) AS stored ON true
                         WHERE backend = 'postgres' AND (hash IS DISTINCT FROM sha256 OR length IS DISTINCT FROM size)
                        """)).as("images in the database that are damaged").isEmpty();
        try (Stream<Path> paths = Files.walk(directory.resolve("objects"))) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
                assertThat(path.getFileName().toString())
                        .startsWith(HexFormat.of().formatHex(hash) + ".");
            }
        }
    }

    private Set<String> list(String sql) throws SQLException {
        try (Connection connection = cluster.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return sorted(found.stream());
        }
    }

    private Set<String> files(String folder) throws IOException {
        try (Stream<Path> paths = Files.walk(directory.resolve(folder))) {
            return sorted(paths.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString()));
        } catch (NoSuchFileException none) {
            return Set.of();
        }
    }

    private static Set<String> sorted(Stream<String> texts) {
        return new TreeSet<>(texts.toList());
    }
}
