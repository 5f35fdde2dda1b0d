package dev.holdfast.local.media;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Whether each row has its bytes, by their hash.
 *
 * @param files images that are files and intact
 * @param rows images in the database that are intact
 * @param elsewhere images in S3, which are not looked at
 * @param damaged images whose bytes are missing or are others
 */
public record Verification(long files, long rows, long elsewhere, List<String> damaged) {
    private static final int FETCH_SIZE = 1_000;

    /** PostgreSQL does the hashing, an image at a time. */
    private static final String DAMAGED = """
            SELECT encode(b.sha256, 'hex') AS sha256, b.id, b.size FROM blob b
             WHERE b.backend = 'postgres'
               AND b.sha256 IS DISTINCT FROM
                   (SELECT sha256(string_agg(bytes, ''::bytea ORDER BY number)) FROM blob_chunk WHERE blob_id = coalesce(b.copy_id, b.id))
             ORDER BY b.id
            """;

    private static final String FILES = """
            SELECT encode(sha256, 'hex') AS sha256, coalesce(copy_id, id) AS id, size FROM blob WHERE backend = 'files' ORDER BY 2
            """;
    private static final String COUNT = "SELECT count(*) FROM blob WHERE backend = ?";

    public boolean isClean() {
        return damaged.isEmpty();
    }

    /** How many images were looked at and are intact. */
    public long intact() {
        return files + rows;
    }

    /** @param directory of the service's files */
    public static Verification of(MediaDatabase database, Path directory) throws IOException, SQLException {
        try (Connection connection = database.begin()) {
            return of(connection, new ImageFiles(directory));
        }
    }

    static Verification of(Connection connection, ImageFiles files) throws IOException, SQLException {
        var damaged = new ConcurrentSkipListSet<>(ImageRef.ORDER);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet rows = statement.executeQuery(FILES)) {
                EachImage.of(() -> rows.next() ? image(rows) : null, image -> {
                    if (!files.isIntact(image)) {
                        damaged.add(image);
                    }
                });
            }
        }
        int damagedFiles = damaged.size();
        damaged.addAll(damagedInDatabase(connection));
        return new Verification(
                count(connection, "files") - damagedFiles,
                count(connection, "postgres") - (damaged.size() - damagedFiles),
                count(connection, "s3"),
                damaged.stream().map(ImageRef::name).toList());
    }

    static List<ImageRef> damagedInDatabase(Connection connection) throws SQLException {
        var damaged = new ArrayList<ImageRef>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(DAMAGED)) {
            while (rows.next()) {
                damaged.add(image(rows));
            }
        }
        return damaged;
    }

    static ImageRef image(ResultSet row) throws SQLException {
        return new ImageRef(row.getString("sha256"), row.getString("id"), row.getLong("size"));
    }

    private static long count(Connection connection, String backend) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setString(1, backend);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
