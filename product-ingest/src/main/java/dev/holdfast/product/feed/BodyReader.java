package dev.holdfast.product.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.holdfast.platform.problem.JsonFailures;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies of operators' requests, as strictly as messages: what is unknown or of the wrong type is refused by name. */
final class BodyReader {
    private static final int TEXT_LENGTH_MAX = 500;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private BodyReader() {}

    /**
     * @param body nothing counts as an empty object
     * @throws ProblemException when it is not what it should be
     */
    static <T> T read(byte @Nullable [] body, Class<T> type) {
        try {
            T read = JSON.readValue(body == null || body.length == 0 ? new byte[] {'{', '}'} : body, type);
            if (read == null) {
                throw ProblemException.of(ProblemType.INVALID_INPUT, "The body is null: send a JSON object.");
            }
            return read;
        } catch (JsonMappingException unmapped) {
            throw new ProblemException(explain(unmapped));
        } catch (JsonProcessingException notJson) {
            throw ProblemException.of(
                    ProblemType.NOT_JSON, JsonFailures.describe(notJson) + " Send one JSON object in UTF-8.");
        } catch (IOException impossible) {
            throw new IllegalStateException("Reading from memory failed", impossible);
        }
    }

    private static Problem explain(JsonMappingException failure) {
        String pointer = JsonFailures.pointer(failure);
        var part = failure instanceof UnrecognizedPropertyException
                ? new InvalidPart(pointer, "unknown_field", "is not a field of this request: remove it.")
                : new InvalidPart(pointer, "wrong_type", "has the wrong type; see /q/openapi for what is expected.");
        return Problem.of(ProblemType.INVALID_INPUT, pointer + " " + part.detail(), List.of(part));
    }

    /** A text that a person wrote, without blanks around it; a problem unless it is 1 to 500 characters. */
    static String requireText(String field, @Nullable String text) {
        String stripped = text == null ? "" : text.strip();
        if (stripped.isEmpty() || stripped.length() > TEXT_LENGTH_MAX || stripped.indexOf('\0') >= 0) {
            String detail = "%s must be 1 to %d characters that say why.".formatted(field, TEXT_LENGTH_MAX);
            throw new ProblemException(Problem.of(
                    ProblemType.UNPROCESSABLE, detail, List.of(new InvalidPart("/" + field, "invalid_value", detail))));
        }
        return stripped;
    }

    /** The same for a text that may be left out. */
    static @Nullable String optionalText(String field, @Nullable String text) {
        return text == null ? null : requireText(field, text);
    }
}
