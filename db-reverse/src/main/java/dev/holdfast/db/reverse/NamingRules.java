package dev.holdfast.db.reverse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Do the rules and the schema fit? Finds everything that does not at once. */
final class NamingRules {
    private static final Set<String> TYPES = Set.of("flag", "long");

    private final Naming naming;
    private final Catalogue catalogue;
    private final List<String> found = new ArrayList<>();

    private NamingRules(Naming naming, Catalogue catalogue) {
        this.naming = naming;
        this.catalogue = catalogue;
    }

    /** A sentence for each misfit, that says what to add or take away. */
    static List<String> violations(Naming naming, Catalogue catalogue) {
        var rules = new NamingRules(naming, catalogue);
        rules.checkTables();
        rules.checkCodes();
        return List.copyOf(rules.found);
    }

    private void checkTables() {
        var classes = new HashMap<String, String>();
        catalogue.tables().forEach((table, columns) -> {
            Naming.Table rules = naming.tables().get(table);
            if (rules == null) {
                found.add("%s has no rule: add it under `tables`, with a class and its columns %s."
                        .formatted(table, String.join(", ", columns.keySet())));
                return;
            }
            String other = classes.put(rules.className(), table);
            if (other != null) {
                found.add("%s and %s are both called %s: give one of them another class."
                        .formatted(other, table, rules.className()));
            }
            checkColumns(table, columns, rules);
        });
        naming.tables().keySet().stream()
                .filter(table -> !catalogue.tables().containsKey(table))
                .sorted()
                .forEach(table -> found.add(
                        "tables/%s fits nothing in the schema: take it away, or correct it.".formatted(table)));
    }

    private void checkColumns(String table, Map<String, String> columns, Naming.Table rules) {
        var names = new HashMap<String, String>();
        columns.forEach((column, type) -> {
            Naming.Column rule = rules.columns().get(column);
            if (rule == null) {
                found.add("%s.%s (%s) has no rule: add it under `tables`, %s, columns."
                        .formatted(table, column, type, table));
                return;
            }
            String other = names.put(rule.name(), column);
            if (other != null) {
                found.add("%s.%s and %s.%s are both called %s: give one of them another name."
                        .formatted(table, other, table, column, rule.name()));
            }
            rule.type().ifPresent(wanted -> checkType("%s.%s".formatted(table, column), type, wanted));
        });
        rules.columns().keySet().stream()
                .filter(column -> !columns.containsKey(column))
                .forEach(column ->
                        found.add("tables/%s/columns/%s fits nothing in the schema: take it away, or correct it."
                                .formatted(table, column)));
    }

    private void checkType(String column, String type, String wanted) {
        if (!TYPES.contains(wanted) && !naming.codes().containsKey(wanted)) {
            found.add("%s has the type %s, which is none: use flag, long or one of `codes`.".formatted(column, wanted));
        } else if (wanted.equals("flag") && !type.equals("character(1)")) {
            found.add("%s is a flag by its rule, but %s in the schema: a flag is a character(1)."
                    .formatted(column, type));
        } else if (wanted.equals("long") && !isLong(type)) {
            found.add(
                    "%s is a long by its rule, but %s in the schema: a long is a numeric of at most 18 digits without decimals."
                            .formatted(column, type));
        }
    }

    /** A view's expression over numerics has lost their precision. */
    private static boolean isLong(String type) {
        return type.equals("numeric") || type.matches("numeric\\((\\d|1[0-8]),0\\)");
    }

    private void checkCodes() {
        naming.codes().forEach((name, code) -> {
            List<String> there = catalogue.codes().get(code.column());
            if (there == null) {
                found.add("codes/%s: there is no column %s in the schema.".formatted(name, code.column()));
                return;
            }
            there.stream()
                    .filter(value -> !code.constants().containsKey(value))
                    .forEach(value ->
                            found.add("%s has the code %s, which has no rule: add it under `codes`, %s, constants."
                                    .formatted(code.column(), value, name)));
            code.constants().keySet().stream()
                    .filter(value -> !there.contains(value))
                    .forEach(value -> found.add("codes/%s/constants/%s is no code of %s: take it away, or correct it."
                            .formatted(name, value, code.column())));
        });
    }
}
