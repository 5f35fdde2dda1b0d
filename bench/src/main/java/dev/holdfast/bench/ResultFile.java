package dev.holdfast.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The list of results on disk, by name. */
record ResultFile(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    List<Result> read() throws IOException {
        return Files.exists(path) ? JSON.readValue(path.toFile(), new TypeReference<List<Result>>() {}) : List.of();
    }

    /** Takes these in place of earlier ones of the same names; the others stay. */
    void merge(List<Result> results) throws IOException {
        Map<String, Result> all = new TreeMap<>(byName(read()));
        all.putAll(byName(results));
        JSON.writeValue(path.toFile(), all.values());
    }

    private static Map<String, Result> byName(List<Result> results) {
        return results.stream().collect(Collectors.toMap(Result::name, Function.identity()));
    }
}
