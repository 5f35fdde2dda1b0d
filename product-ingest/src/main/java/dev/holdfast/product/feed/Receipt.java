package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of a version that a vendor sent.
 *
 * @param fates in the order of time: one that was refused can be applied later
 */
public record Receipt(
        @Schema(examples = "acme") String vendor,
        @Schema(examples = "DRILL-18V") String sku,
        @Schema(examples = "7") long version,
        List<Fate> fates) {

    @Schema(name = "ReceiptFate")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Fate(
            @Schema(enumeration = {"applied", "unchanged", "stale", "quarantined", "waiting"})
            String outcome,

            Instant at,

            @Nullable @Schema(description = "Absent when it came by HTTP", examples = "vendor.products")
            String topic,

            @Nullable Integer partition,
            @Nullable Long offset,

            @Nullable @Schema(description = "What is shown in its place, or was shown next")
            Successor supersededBy,

            @Nullable @Schema(description = "Why it was refused, or what it waits for", examples = "gtin")
            String reason,

            @Nullable @Schema(description = "What to change")
            String detail,

            @Nullable @Schema(
                    description = "Of a refused one",
                    enumeration = {"open", "replayed", "discarded"})
            String state,

            @Nullable @Schema(description = "The live product that has its GTIN now", examples = "globex:DRILL")
            String blockedBy,

            @Nullable @Schema(description = "Of one that waits for a quota or for its turn")
            Instant notBefore) {}

    /**
     * What came after.
     *
     * @param version the vendor's; null when a person or a rule did it
     * @param by who did, if it was not the vendor
     */
    @Schema(name = "ReceiptSuccessor")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Successor(
            @Nullable Long version,
            @Nullable String by,
            @Nullable Instant at) {}
}
