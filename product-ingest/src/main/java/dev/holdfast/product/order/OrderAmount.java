package dev.holdfast.product.order;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** In the smallest unit of the currency. */
@Schema(name = "OrderAmount")
public record OrderAmount(
        @Schema(examples = "25800") long amountMinor,
        @Schema(examples = "EUR") String currency) {}
