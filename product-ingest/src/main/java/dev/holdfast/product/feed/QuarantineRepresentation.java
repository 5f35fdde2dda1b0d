package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.product.feed.QuarantineItemStore.Entry;
import dev.holdfast.product.feed.QuarantineItemStore.Item;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A message in quarantine as callers see it. Lists leave out the messages themselves and the trail. */
@Schema(name = "QuarantinedMessage")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuarantineRepresentation(
        long id,
        @Schema(examples = "vendor.products") String topic,
        int partition,
        long offset,

        @Nullable @Schema(description = "As far as it could be read", examples = "acme")
        String vendor,

        @Nullable String sku,
        @Nullable Long version,

        @Schema(description = "A stable word for programs", examples = "invalid_value")
        String reason,

        @Schema(description = "What to change") String detail,

        @Nullable @Schema(description = "Of the database's refusal")
        String sqlState,

        @Nullable String constraint,
        Instant quarantinedAt,

        @Schema(enumeration = {"open", "replayed", "discarded"})
        String state,

        @Schema(description = "How often it was edited; the ETag")
        int edits,

        @Nullable String settledBy,
        @Nullable Instant settledAt,
        @Nullable Message original,

        @Nullable @Schema(description = "What a replay applies instead of the original")
        Message edited,

        @Nullable @Schema(description = "What was done about it, the oldest first")
        List<TrailEntry> trail) {

    /** Bytes, for people and for programs. */
    @Schema(name = "MessageBytes")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Message(
            @Nullable @Schema(description = "Absent unless it is UTF-8")
            String text,

            String base64,

            @Nullable @Schema(description = "The record's key")
            String keyBase64) {
        static Message of(Buffer bytes, @Nullable Buffer key) {
            return new Message(
                    utf8(bytes.getBytes()),
                    Base64.getEncoder().encodeToString(bytes.getBytes()),
                    key == null ? null : Base64.getEncoder().encodeToString(key.getBytes()));
        }

        private static @Nullable String utf8(byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException notUtf8) {
                return null;
            }
        }
    }

    /** What someone did. */
    @Schema(name = "QuarantineTrailEntry")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TrailEntry(
            @Schema(enumeration = {"edited", "replayed", "discarded", "reopened"})
            String action,

            String subject,
            Instant at,
            @Nullable String note,
            @Nullable Message edited,

            @Nullable @Schema(description = "Of a replay", examples = "applied")
            String outcome,

            @Nullable String reason,
            @Nullable String detail) {
        private static TrailEntry of(Entry entry) {
            var action = entry.action();
            return new TrailEntry(
                    action.action(),
                    action.subject(),
                    entry.at(),
                    action.note(),
                    action.edited() == null ? null : Message.of(action.edited(), null),
                    action.outcome(),
                    action.reason(),
                    action.detail());
        }
    }

    static QuarantineRepresentation ofList(Item item) {
        return of(item, null, null, null);
    }

    static QuarantineRepresentation of(Item item, List<Entry> trail) {
        return of(
                item,
                Message.of(item.raw(), item.key()),
                item.edited() == null ? null : Message.of(item.edited(), null),
                trail.stream().map(TrailEntry::of).toList());
    }

    private static QuarantineRepresentation of(
            Item item, @Nullable Message original, @Nullable Message edited, @Nullable List<TrailEntry> trail) {
        return new QuarantineRepresentation(
                item.id(),
                item.partition().topic(),
                item.partition().partition(),
                item.offset(),
                item.vendor(),
                item.sku(),
                item.version(),
                item.reason(),
                item.detail(),
                item.sqlState(),
                item.constraint(),
                item.quarantinedAt(),
                item.state(),
                item.edits(),
                item.settledBy(),
                item.settledAt(),
                original,
                edited,
                trail);
    }
}
