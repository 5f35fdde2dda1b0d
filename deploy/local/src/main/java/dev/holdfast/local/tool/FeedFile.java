package dev.holdfast.local.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A file with one message per line: the key, a tab, and one JSON value. Read line by line, so its size does not matter.
 */
record FeedFile(Path path) {

    private static final int PROBLEMS_MAX = 20;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Reads the whole file, so that either all of it can be sent or nothing is.
     *
     * @throws BadInputException that names the first 20 lines that are malformed, and why
     */
    void check() throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BadInputException("There is no file '%s'. Give one as FILE=feed.tsv.".formatted(path));
        }
        List<String> problems = new ArrayList<>();
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                problemOf(line).map(("  line " + number + ": ")::concat).ifPresent(problems::add);
                if (problems.size() == PROBLEMS_MAX) {
                    problems.add("  and maybe more");
                    break;
                }
            }
        } catch (CharacterCodingException e) {
            problems.add("  after line %d: bytes that are not UTF-8".formatted(number));
        }
        if (number == 0 && problems.isEmpty()) {
            throw new BadInputException("'%s' is empty. A line is: key, tab, JSON.".formatted(path));
        }
        if (!problems.isEmpty()) {
            throw new BadInputException(
                    "Nothing was sent, because '%s' has malformed lines (a line is: key, tab, JSON):%n%s"
                            .formatted(path, String.join(System.lineSeparator(), problems)));
        }
    }

    private static Optional<String> problemOf(String line) {
        int tab = line.indexOf('\t');
        if (tab < 0) {
            return Optional.of("no tab");
        }
        if (tab == 0) {
            return Optional.of("no key before the tab");
        }
        try {
            return JSON.readTree(line.substring(tab + 1)).isMissingNode()
                    ? Optional.of("nothing after the tab")
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of("not JSON: " + e.getOriginalMessage());
        }
    }

    /** Hands key and value of each line on, in order. The file has been checked. */
    void forEach(BiConsumer<String, String> action) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int tab = line.indexOf('\t');
                action.accept(line.substring(0, tab), line.substring(tab + 1));
            }
        }
    }
}
