package dev.holdfast.audit.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.holdfast.audit.proof.BundleLine.Header;
import dev.holdfast.audit.proof.BundleLine.Leaf;
import dev.holdfast.audit.proof.BundleLine.SignedCheckpoint;

/**
 * JSON without guessing: a line that two readers could understand differently proves something different to each of
 * them.
 */
final class BundleJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private BundleJson() {}

    /** @throws IllegalArgumentException for what is no line of a bundle */
    static BundleLine parse(String text) {
        try {
            JsonNode line = JSON.readTree(text);
            return JSON.treeToValue(line, type(line));
        } catch (JsonMappingException unmapped) {
            throw new IllegalArgumentException(explain(unmapped), unmapped);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("it is not one JSON object", notJson);
        }
    }

    private static Class<? extends BundleLine> type(JsonNode line) {
        if (line.has("format")) {
            return Header.class;
        }
        if (line.has("checkpoint")) {
            return SignedCheckpoint.class;
        }
        if (line.has("leaf")) {
            return Leaf.class;
        }
        throw new IllegalArgumentException("it is neither the header, nor a leaf, nor a checkpoint");
    }

    private static String explain(JsonMappingException unmapped) {
        if (unmapped.getCause() instanceof IllegalArgumentException ours) {
            return String.valueOf(ours.getMessage());
        }
        if (unmapped.getPath().isEmpty()) {
            return "a field is missing, or is not of its type";
        }
        return "%s is missing, is not of its type, or is not known here"
                .formatted(unmapped.getPath().getLast().getFieldName());
    }

    static String write(BundleLine line) {
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A line of a bundle is text and numbers", impossible);
        }
    }
}
