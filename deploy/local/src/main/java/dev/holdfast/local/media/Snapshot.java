package dev.holdfast.local.media;

import dev.holdfast.local.media.Manifest.Images;
import dev.holdfast.local.media.Manifest.Sequence;
import dev.holdfast.local.media.Manifest.Table;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * All rows of the schema as they were at one moment, copied while others go on writing.
 *
 * @param at the moment, by the clock of the database
 * @param files with their hashes
 * @param damaged images in the database whose bytes are not what their rows say
 */
record Snapshot(
        Instant at,
        List<String> scripts,
        List<Table> tables,
        List<Sequence> sequences,
        Map<String, String> files,
        Map<String, Images> images,
        List<ImageRef> damaged) {
    private static final int FETCH_SIZE = 1_000;
    private static final String NOW = "SELECT clock_timestamp()";
    private static final String SEQUENCES = """
            SELECT sequencename, last_value FROM pg_sequences
             WHERE schemaname = current_schema AND last_value IS NOT NULL ORDER BY sequencename
            """;
    private static final String IMAGES = """
            SELECT backend, count(*) AS count, sum(size)::bigint AS bytes FROM blob GROUP BY backend ORDER BY backend
            """;
    private static final String FILES = """
            SELECT encode(sha256, 'hex') AS sha256, coalesce(copy_id, id) AS id, size FROM blob WHERE backend = 'files' ORDER BY 2
            """;

    /** @param folder has a folder for tables */
    static Snapshot take(MediaDatabase database, Path folder) throws IOException, SQLException {
        try (Connection connection = database.begin()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            Instant at = now(connection); // the first statement, so the snapshot is taken here
            List<String> scripts = SchemaScripts.applied(connection);
            var files = new TreeMap<String, String>();
            var tables = new ArrayList<Table>();
            for (Catalogue.Columns columns : Catalogue.tables(connection)) {
                tables.add(copy(connection, columns, folder, files));
            }
            files.put(BackupFolder.Entry.IMAGES, list(connection, folder.resolve(BackupFolder.Entry.IMAGES)));
            Durable.syncDirectory(folder.resolve("tables"));
            Durable.syncDirectory(folder);
            return new Snapshot(
                    at,
                    scripts,
                    tables,
                    sequences(connection),
                    files,
                    images(connection),
                    Verification.damagedInDatabase(connection));
        }
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(NOW)) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static Table copy(Connection connection, Catalogue.Columns columns, Path folder, Map<String, String> files)
            throws IOException, SQLException {
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        String name = columns.table();
        var rows = new long[1];
        String file = Table.file(name);
        files.put(file, Durable.write(folder.resolve(file), out -> rows[0] = copies.copyOut(columns.copyOut(), out)));
        return new Table(name, columns.columns(), rows[0]);
    }

    /** What has to be copied of files. */
    private static String list(Connection connection, Path file) throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet rows = statement.executeQuery(FILES)) {
                return Durable.write(file, out -> {
                    var lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.US_ASCII));
                    while (rows.next()) {
                        lines.write(Verification.image(rows).line());
                        lines.write('\n');
                    }
                    lines.flush();
                });
            }
        }
    }

    /** Read after the rows, so never behind them. */
    private static List<Sequence> sequences(Connection connection) throws SQLException {
        var sequences = new ArrayList<Sequence>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SEQUENCES)) {
            while (rows.next()) {
                sequences.add(new Sequence(rows.getString(1), rows.getLong(2)));
            }
        }
        return sequences;
    }

    private static Map<String, Images> images(Connection connection) throws SQLException {
        var images = new TreeMap<String, Images>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(IMAGES)) {
            while (rows.next()) {
                images.put(rows.getString("backend"), new Images(rows.getLong("count"), rows.getLong("bytes")));
            }
        }
        return images;
    }
}
