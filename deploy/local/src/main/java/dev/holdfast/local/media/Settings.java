package dev.holdfast.local.media;

import java.nio.file.Path;
import java.util.Map;

/** What a person has said beside {@code make}. */
record Settings(Map<String, String> environment) {
    int number(String name, int otherwise) {
        String value = text(name);
        try {
            return value.isEmpty() ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            throw new BackupException("%s is '%s', and must be a number, as %d.".formatted(name, value, otherwise));
        }
    }

    Path path(String name, Path otherwise) {
        String value = text(name);
        return value.isEmpty() ? otherwise : Path.of(value);
    }

    boolean isSaid(String name) {
        return text(name).equals("1");
    }

    private String text(String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
