package dev.holdfast.db.reverse;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.meta.ColumnDefinition;
import org.jooq.meta.DataTypeDefinition;
import org.jooq.meta.Database;
import org.jooq.meta.Definition;
import org.jooq.meta.ForeignKeyDefinition;
import org.jooq.meta.TableDefinition;

/**
 * The page for people: whose name became which.
 *
 * @param className of a table, as generated
 * @param javaType of a column, as generated
 */
record MappingPage(
        Database database,
        Naming naming,
        Function<TableDefinition, String> className,
        Function<ColumnDefinition, String> javaType) {

    String text() {
        List<TableDefinition> tables = database.getTables(database.getSchemata().getFirst());
        return """
                # `%s`: names in the database and in Java

                Generated from the migrated schema and the naming rules, as are the models; `make mapping` writes it anew, and the
                build fails when it is out of date. Classes are in `%s.tables`.

                %s
                %s""".formatted(
                        database.getSchemata().getFirst().getName(),
                        naming.packageName(),
                        tables.stream().map(this::section).collect(Collectors.joining("\n")),
                        codes());
    }

    private String section(TableDefinition table) {
        String columns = table.getColumns().stream().map(this::line).collect(Collectors.joining());
        return """
                ## %s `%s` → `%s`

                %s
                | column | type | null | field | Java type | converted |
                |---|---|---|---|---|---|
                %s
                %s""".formatted(
                        table.isView() ? "View" : "Table",
                        table.getName(),
                        className.apply(table),
                        comment(table),
                        columns,
                        keys(table));
    }

    private static String comment(Definition commented) {
        String comment = commented.getComment();
        return comment == null || comment.isBlank() ? "" : comment.strip() + ".\n";
    }

    private String line(ColumnDefinition column) {
        Naming.Column rule =
                naming.column(column.getContainer().getName(), column.getName()).orElseThrow();
        String note = column.getComment() == null || column.getComment().isBlank() ? "" : "<br>" + column.getComment();
        return "| `%s`%s | %s | %s | `%s` | %s | %s |\n"
                .formatted(
                        column.getName(),
                        note,
                        sqlType(column.getDefinedType()),
                        column.getDefinedType().isNullable() ? "yes" : "no",
                        rule.constant(),
                        javaType.apply(column),
                        rule.type().map(this::conversion).orElse(""));
    }

    private String conversion(String type) {
        return switch (type) {
            case "flag" -> "`Y` true, `N` false";
            case "long" -> "no decimals";
            default -> "code, see below";
        };
    }

    private static String sqlType(DataTypeDefinition type) {
        if (type.getLength() > 0) {
            return "%s(%d)".formatted(type.getType(), type.getLength());
        }
        return type.getType().equals("numeric") && type.getPrecision() > 0
                ? "numeric(%d,%d)".formatted(type.getPrecision(), type.getScale())
                : type.getType();
    }

    private String keys(TableDefinition table) {
        var lines = new StringBuilder();
        if (table.getPrimaryKey() != null) {
            lines.append("- primary key `%s`: %s\n"
                    .formatted(
                            table.getPrimaryKey().getName(),
                            names(table.getPrimaryKey().getKeyColumns())));
        }
        for (ForeignKeyDefinition key : table.getForeignKeys()) {
            lines.append("- `%s`: %s → `%s` (%s)\n"
                    .formatted(
                            key.getName(),
                            names(key.getKeyColumns()),
                            className.apply(key.getReferencedTable()),
                            names(key.getReferencedColumns())));
        }
        if (table.isView()) {
            lines.append("- read only; PostgreSQL knows neither keys nor nullability of a view\n");
        }
        return lines.toString();
    }

    private String names(List<ColumnDefinition> columns) {
        return columns.stream()
                .map(column -> naming.column(column.getContainer().getName(), column.getName())
                        .orElseThrow())
                .map(rule -> "`" + rule.constant() + "`")
                .collect(Collectors.joining(", "));
    }

    private String codes() {
        return naming.codes().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .map(code -> """
                        ## Codes `%s` → enum `%s`

                        | code | constant |
                        |---|---|
                        %s
                        """.formatted(
                                code.getValue().column(),
                                code.getKey(),
                                code.getValue().constants().entrySet().stream()
                                        .map(one -> "| `%s` | `%s` |".formatted(one.getKey(), one.getValue()))
                                        .collect(Collectors.joining("\n"))))
                .collect(Collectors.joining("\n"));
    }
}
