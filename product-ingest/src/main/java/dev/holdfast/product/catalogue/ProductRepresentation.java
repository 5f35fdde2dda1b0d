package dev.holdfast.product.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A product as callers see it. */
@Schema(name = "Product")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProductRepresentation(
        @Schema(examples = "acme:DRILL-18V") String id,
        @Schema(examples = "acme") String vendor,
        @Schema(examples = "DRILL-18V") String sku,

        @Schema(description = "The vendor's own version", examples = "7")
        long version,

        @Schema(description = "live, deleted or archived", examples = "live")
        String state,

        @Nullable @Schema(examples = "4006381333931") String gtin,

        @Nullable @Schema(description = "Absent when the content is archived or never came", examples = "Cordless drill 18 V")
        String name,

        @Nullable @Schema(description = "Absent with the name")
        Price price,

        @JsonRawValue @Schema(implementation = Map.class, examples = "{\"colour\": \"green\"}")
        String attributes,

        Instant updatedAt,

        @Nullable @Schema(description = "Absent while it is live")
        Instant deletedAt) {

    /** An amount in the smallest unit of its currency. */
    @Schema(name = "ProductPrice")
    public record Price(
            @Schema(examples = "12900") long amountMinor,
            @Schema(examples = "EUR") String currency) {}

    static ProductRepresentation of(Product product) {
        boolean hasContent = !product.name().isEmpty();
        return new ProductRepresentation(
                new ProductId(product.vendor(), product.sku()).toString(),
                product.vendor(),
                product.sku(),
                product.version(),
                product.state(),
                product.gtin(),
                hasContent ? product.name() : null,
                hasContent ? new Price(product.priceMinor(), product.currency()) : null,
                product.attributes(),
                product.updatedAt(),
                product.deletedAt());
    }
}
