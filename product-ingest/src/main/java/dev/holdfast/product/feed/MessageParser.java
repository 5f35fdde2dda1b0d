package dev.holdfast.product.feed;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.platform.problem.JsonFailures;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.problem.StrictJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;

/**
 * Bytes to {@link ProductChange} or {@link SnapshotMark}, or to the reason why not. Nothing is coerced, guessed or ignored: a number in quotes,
 * a key twice and an unknown field are each refused by name, because whoever sent them meant something by them.
 */
final class MessageParser {
    /** Larger messages are refused unread, in bytes. */
    static final int MESSAGE_BYTES_MAX = 64 * 1024;

    private static final int HASH_BYTES = 16;

    /** ISO 4217 for "no currency": a deletion of a product that was never seen has none. */
    private static final String NO_CURRENCY = "XXX";

    private static final JsonMapper JSON = StrictJson.mapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final ObjectReader READER = JSON.readerFor(ProductMessage.class);
    private static final ObjectWriter WRITER = JSON.writer();

    private final MessageRules rules;

    MessageParser(MessageRules rules) {
        this.rules = rules;
    }

    Parsed parse(byte[] bytes) {
        if (bytes.length > MESSAGE_BYTES_MAX) {
            return Rejection.of(new InvalidPart(
                    "",
                    "too_large",
                    "The message has %d bytes: send at most %d.".formatted(bytes.length, MESSAGE_BYTES_MAX)));
        }
        return read(() -> READER.readValue(bytes));
    }

    /** One item of a list that was read already. */
    Parsed parse(JsonNode item) {
        return read(() -> READER.readValue(item.traverse(JSON)));
    }

    /** A list of messages, or one alone as a list of one. */
    static JsonNode readTree(byte[] body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            JsonNode tree = JSON.readTree(parser);
            if (tree == null || parser.nextToken() != null) {
                throw new JsonParseException(parser, "one value is expected");
            }
            return tree;
        }
    }

    static Problem notJson(IOException failure) {
        String where = failure instanceof JsonProcessingException notJson
                ? JsonFailures.describe(notJson)
                : "The text is not JSON.";
        return Problem.of(ProblemType.NOT_JSON, where + " Send one product message, or a list of them, in UTF-8.");
    }

    private interface Reading {
        ProductMessage read() throws IOException;
    }

    private Parsed read(Reading reading) {
        ProductMessage message;
        try {
            message = reading.read();
        } catch (JsonProcessingException unread) {
            return Rejection.of(explain(unread));
        } catch (IOException impossible) {
            throw new IllegalStateException("Reading from memory failed", impossible);
        }
        if (message == null) {
            return Rejection.of(new InvalidPart("", "not_an_object", "The message is null: send one JSON object."));
        }
        List<InvalidPart> violations = rules.violations(message);
        if (!violations.isEmpty()) {
            return Rejection.of(message.vendor(), message.sku(), message.version(), violations);
        }
        return MessageRules.isSnapshotMark(message) ? SnapshotMark.of(message) : change(message);
    }

    private static InvalidPart explain(JsonProcessingException failure) {
        return failure instanceof UnrecognizedPropertyException unknown
                ? new InvalidPart(
                        JsonFailures.pointer(unknown),
                        "unknown_field",
                        "is not a field of a product message: remove it, or put it into attributes.")
                : StrictJson.explain(failure);
    }

    private static ProductChange change(ProductMessage message) {
        String vendor = Objects.requireNonNull(message.vendor());
        String sku = Objects.requireNonNull(message.sku());
        long version = Objects.requireNonNull(message.version());
        if ("delete".equals(message.op())) {
            return new ProductChange(
                    vendor, sku, version, true, null, "", 0, NO_CURRENCY, "{}", hash(vendor, sku), message.snapshot());
        }
        var price = Objects.requireNonNull(message.price());
        String name = Objects.requireNonNull(message.name());
        String currency = Objects.requireNonNull(price.currency());
        String attributes = attributes(message);
        return new ProductChange(
                vendor,
                sku,
                version,
                false,
                message.gtin(),
                name,
                Objects.requireNonNull(price.amountMinor()),
                currency,
                attributes,
                hash(
                        vendor,
                        sku,
                        String.valueOf(message.gtin()),
                        name,
                        price.amountMinor().toString(),
                        currency,
                        attributes),
                message.snapshot());
    }

    private static String attributes(ProductMessage message) {
        try {
            return message.attributes() == null ? "{}" : WRITER.writeValueAsString(message.attributes());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("What was read from JSON cannot be written as JSON", impossible);
        }
    }

    /** @param parts none of which contains the NUL that stands between them */
    private static Buffer hash(String... parts) {
        byte[] content = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return Buffer.buffer(HASH_BYTES).appendBytes(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
