package dev.holdfast.db.reverse;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules file.
 *
 * @param packageName of everything generated
 * @param codes by the enum's name
 * @param tables by the table's or view's name in the catalogue
 */
record Naming(@JsonProperty("package") String packageName, Map<String, Code> codes, Map<String, Table> tables) {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    Naming {
        codes = Map.copyOf(codes);
        tables = Map.copyOf(tables);
    }

    /**
     * A code table that becomes an enum.
     *
     * @param column {@code <table>.<column>} that has the codes
     * @param constants by code
     */
    record Code(String column, Map<String, String> constants) {
        Code {
            constants = new LinkedHashMap<>(constants);
        }

        String table() {
            return column.substring(0, column.indexOf('.'));
        }

        String columnName() {
            return column.substring(column.indexOf('.') + 1);
        }
    }

    /** A table or a view. */
    record Table(@JsonProperty("class") String className, Map<String, Column> columns) {

        String constant() {
            return upperSnake(className);
        }
    }

    /**
     * @param name in Java, like {@code createdOn}
     * @param type {@code flag}, {@code long}, the name of a code, or nothing where PostgreSQL's own type says enough
     */
    record Column(String name, Optional<String> type) {

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Column parse(String rule) {
            String[] words = rule.strip().split("\\s+", -1);
            if (words.length > 2 || !words[0].matches("[a-z][A-Za-z0-9]*")) {
                throw new IllegalArgumentException(
                        "'%s' must be a name like createdOn, and a type where one is needed".formatted(rule));
            }
            return new Column(words[0], words.length == 2 ? Optional.of(words[1]) : Optional.empty());
        }

        String constant() {
            return upperSnake(name);
        }
    }

    /** @throws ReverseException when the file is not what its head says */
    static Naming read(Path file) throws IOException {
        try {
            return YAML.readValue(file.toFile(), Naming.class);
        } catch (JsonProcessingException wrong) {
            throw new ReverseException("%s is not understood: %s".formatted(file, wrong.getMessage()));
        }
    }

    Optional<Column> column(String table, String column) {
        @Nullable Table rules = tables.get(table);
        return rules == null
                ? Optional.empty()
                : Optional.ofNullable(rules.columns().get(column));
    }

    private static String upperSnake(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }
}
