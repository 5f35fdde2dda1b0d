package dev.holdfast.platform.problem;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.stream.Collectors;

/** What a person needs to know of a Jackson failure, without the library's own words about classes. */
public final class JsonFailures {
    private JsonFailures() {}

    /** Where the text stops being JSON. */
    public static String describe(JsonProcessingException failure) {
        JsonLocation location = failure.getLocation();
        return location == null || location.getLineNr() < 1
                ? "The text is not JSON."
                : "The text is not JSON from line %d, column %d on."
                        .formatted(location.getLineNr(), location.getColumnNr());
    }

    /** The JSON Pointer (RFC 6901) to what could not be mapped. */
    public static String pointer(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(step -> step.getFieldName() == null
                        ? String.valueOf(step.getIndex())
                        : step.getFieldName().replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining("/", "/", ""));
    }
}
