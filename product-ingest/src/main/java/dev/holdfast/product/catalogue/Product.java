package dev.holdfast.product.catalogue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A live product. */
record Product(
        String vendor,
        String sku,
        long version,
        @Nullable String gtin,
        String name,
        long priceMinor,
        String currency,
        String attributes,
        Instant updatedAt) {}
