package dev.holdfast.platform.problem;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** JSON without guessing: no number in quotes, no key twice, nothing behind the end, no field that nobody knows. */
public final class StrictJson {
    private static final int NESTING_MAX = 32;

    private static final int NUMBER_LENGTH_MAX = 1000;
    private static final JsonMapper JSON = mapper().build();

    private StrictJson() {}

    /** For who needs more settings than these. */
    public static JsonMapper.Builder mapper() {
        var constraints = StreamReadConstraints.builder()
                .maxNestingDepth(NESTING_MAX)
                .maxNumberLength(NUMBER_LENGTH_MAX)
                .build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .withCoercionConfig(LogicalType.Textual, StrictJson::refuseToQuote);
    }

    private static void refuseToQuote(MutableCoercionConfig text) {
        text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    public static ObjectReader readerFor(Class<?> type) {
        return JSON.readerFor(type);
    }

    /** What to change about a text that a reader did not take. */
    public static InvalidPart explain(IOException failure) {
        IOException origin = failure.getCause() instanceof JsonParseException broken ? broken : failure;
        if (!(origin instanceof JsonMappingException unmapped)) {
            String where = origin instanceof JsonProcessingException notJson
                    ? JsonFailures.describe(notJson)
                    : "The text is not JSON.";
            return new InvalidPart("", "not_json", where + " Send one JSON object in UTF-8.");
        }
        String pointer = unmapped.getPath().isEmpty() ? "" : JsonFailures.pointer(unmapped);
        if (failure instanceof UnrecognizedPropertyException) {
            return new InvalidPart(pointer, "unknown_field", "is not known here: remove it.");
        }
        if (failure.getCause() instanceof InputCoercionException) {
            return new InvalidPart(pointer, "wrong_type", "is a number out of range.");
        }
        Class<?> type = failure instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        return new InvalidPart(pointer, "wrong_type", "must be %s.".formatted(expected(type)));
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == Long.class || type == Integer.class) {
            return "a whole number, without quotes";
        }
        if (type == String.class) {
            return "text, in quotes";
        }
        if (type == Boolean.class) {
            return "true or false, without quotes";
        }
        return type != null && Collection.class.isAssignableFrom(type) ? "a list" : "a JSON object";
    }
}
