package dev.holdfast.local.media;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tables of the schema are copied: all of them, also those that later migrations bring, but for what is about the moment and
 * not about images.
 *
 * <p>The outbox is copied: an event that was not sent yet is sent by whoever is restored, perhaps again. So is the inbox: it says which
 * events have had their effect on just these rows, and those after it are read again.
 */
final class Catalogue {
    private static final Map<String, String> LEFT_OUT = Map.of(
            "flyway_schema_history", "is written when the scripts run",
            "lease", "tells who holds what now, and nobody does after a restore",
            "backup_hold", "is of this very backup",
            "scrub_position", "is where reading goes on, and is there from the beginning",
            "upload_intent",
                    "is about bytes that are not stored yet; whoever sent them has no answer and sends them again",
            "resumable_upload", "as its intent");

    /** What tables may have in them that is not in the copy of the others. */
    private static final Map<String, String> CONDITIONS = Map.of(
            "blob_chunk",
            " WHERE EXISTS (SELECT FROM blob WHERE coalesce(copy_id, id) = blob_id)"); // or it is under way

    private static final String COLUMNS = """
            SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = current_schema::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             ORDER BY c.relname, a.attnum
            """;
    private static final String REFERENCES = """
            SELECT c.relname, r.relname FROM pg_constraint k
              JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
             WHERE k.connamespace = current_schema::regnamespace AND k.contype = 'f' AND k.conrelid <> k.confrelid
            """;

    private Catalogue() {}

    /** A table with the columns that can be written. */
    record Columns(String table, List<String> columns) {
        String copyOut() {
            return "COPY (SELECT %s FROM %s%s) TO STDOUT (FORMAT binary)"
                    .formatted(names(), MediaDatabase.quoted(table), CONDITIONS.getOrDefault(table, ""));
        }

        String copyIn() {
            return "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(MediaDatabase.quoted(table), names());
        }

        private String names() {
            return String.join(", ", columns.stream().map(MediaDatabase::quoted).toList());
        }
    }

    /** Each after those that it refers to. */
    static List<Columns> tables(Connection connection) throws SQLException {
        var waiting = new LinkedHashMap<String, List<String>>();
        for (List<String> row : rows(connection, COLUMNS)) {
            if (!LEFT_OUT.containsKey(row.getFirst())) {
                waiting.computeIfAbsent(row.getFirst(), _ -> new ArrayList<>()).add(row.getLast());
            }
        }
        List<List<String>> references = rows(connection, REFERENCES);
        var ordered = new ArrayList<Columns>();
        var placed = new HashSet<String>();
        while (!waiting.isEmpty()) {
            Map.Entry<String, List<String>> next = waiting.entrySet().stream()
                    .filter(table -> isReady(table.getKey(), references, placed))
                    .findFirst()
                    .orElseThrow(() -> new BackupException(
                            "Tables refer to each other, or to one that is not copied: %s. Say in Catalogue what is to be done."
                                    .formatted(waiting.keySet())));
            ordered.add(new Columns(next.getKey(), next.getValue()));
            placed.add(next.getKey());
            waiting.remove(next.getKey());
        }
        return ordered;
    }

    private static boolean isReady(String table, List<List<String>> references, Set<String> placed) {
        return references.stream()
                .filter(reference -> reference.getFirst().equals(table))
                .allMatch(reference -> placed.contains(reference.getLast()));
    }

    /** Two texts each. */
    private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
        var found = new ArrayList<List<String>>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(List.of(rows.getString(1), rows.getString(2)));
            }
        }
        return found;
    }
}
