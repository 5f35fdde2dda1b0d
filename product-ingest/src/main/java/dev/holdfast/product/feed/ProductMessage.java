package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A change as vendors send it, on the topic and in {@code POST /products} alike. Other fields are refused. */
@Schema(
        name = "ProductMessage",
        requiredProperties = {"vendor", "version", "op"},
        description =
                "An upsert has sku, name and price; a delete has a sku; the begin and end of a snapshot have neither")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "vendor",
    "sku",
    "version",
    "op",
    "gtin",
    "name",
    "price",
    "attributes",
    "snapshot",
    "items",
    "dryRun"
})
public record ProductMessage(
        @Schema(description = "Must be a known, active vendor", examples = "acme", maxLength = 32) @Nullable String vendor,

        @Schema(
                description = "The vendor's own article number: letters, digits, and . _ ~ + -",
                examples = "DRILL-18V",
                maxLength = 64)
        @Nullable String sku,

        @Schema(
                description =
                        "The vendor's own version of this product, the highest wins; of a snapshot's begin and end, its number",
                examples = "7",
                minimum = "0")
        @Nullable Long version,

        @Schema(enumeration = {"upsert", "delete", "snapshot-begin", "snapshot-end"}) @Nullable String op,

        @Schema(description = "GTIN-8, -12, -13 or -14 with a valid check digit", examples = "4006381333931") @Nullable String gtin,

        @Schema(examples = "Cordless drill 18 V", maxLength = 200) @Nullable String name,

        @Nullable Price price,

        @Schema(description = "Free-form, up to the size of the message", examples = "{\"colour\": \"green\"}")
        @Nullable Map<String, Object> attributes,

        @Schema(description = "Of an upsert: the number of the full snapshot that lists it", minimum = "0") @Nullable Long snapshot,

        @Schema(description = "Of a snapshot's end: how many products it lists", minimum = "0") @Nullable Long items,

        @Schema(description = "Of a snapshot's begin: report what would be deleted, and delete nothing") @Nullable Boolean dryRun) {

    /** An amount in the smallest unit of its currency. */
    public record Price(
            @Schema(examples = "12900", minimum = "0") @Nullable Long amountMinor,

            @Schema(description = "ISO 4217", examples = "EUR") @Nullable String currency) {}
}
