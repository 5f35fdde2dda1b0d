package dev.holdfast.db.reverse;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a migrated schema has.
 *
 * @param tables columns with their PostgreSQL types, in their order, by table or view
 * @param codes the codes that are there, by {@code <table>.<column>} of the rules
 */
record Catalogue(Map<String, Map<String, String>> tables, Map<String, List<String>> codes) {
    private static final String COLUMNS = """
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = ?::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
               AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'flyway_schema_history'
             ORDER BY c.relname, a.attnum
            """;

    static Catalogue read(Connection connection, String schema, Naming naming) throws SQLException {
        var tables = new TreeMap<String, Map<String, String>>();
        try (var statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, schema);
            var rows = statement.executeQuery();
            while (rows.next()) {
                tables.computeIfAbsent(rows.getString(1), table -> new LinkedHashMap<>())
                        .put(rows.getString(2), rows.getString(3));
            }
        }
        var codes = new TreeMap<String, List<String>>();
        for (Naming.Code code : naming.codes().values()) {
            if (tables.getOrDefault(code.table(), Map.of()).containsKey(code.columnName())) {
                codes.put(code.column(), readCodes(connection, schema, code));
            }
        }
        return new Catalogue(tables, codes);
    }

    private static List<String> readCodes(Connection connection, String schema, Naming.Code code) throws SQLException {
        String column = connection.createStatement().enquoteIdentifier(code.columnName(), true);
        String table = connection.createStatement().enquoteIdentifier(code.table(), true);
        String inSchema = connection.createStatement().enquoteIdentifier(schema, true);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT rtrim(%s) FROM %s.%s ORDER BY 1".formatted(column, inSchema, table))) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
