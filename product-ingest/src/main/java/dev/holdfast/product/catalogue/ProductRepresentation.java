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

        @Nullable @Schema(examples = "4006381333931") String gtin,
        @Schema(examples = "Cordless drill 18 V") String name,
        Price price,

        @JsonRawValue @Schema(implementation = Map.class, examples = "{\"colour\": \"green\"}")
        String attributes,

        Instant updatedAt) {

    /** An amount in the smallest unit of its currency. */
    @Schema(name = "ProductPrice")
    public record Price(
            @Schema(examples = "12900") long amountMinor,
            @Schema(examples = "EUR") String currency) {}

    static ProductRepresentation of(Product product) {
        return new ProductRepresentation(
                new ProductId(product.vendor(), product.sku()).toString(),
                product.vendor(),
                product.sku(),
                product.version(),
                product.gtin(),
                product.name(),
                new Price(product.priceMinor(), product.currency()),
                product.attributes(),
                product.updatedAt());
    }
}
