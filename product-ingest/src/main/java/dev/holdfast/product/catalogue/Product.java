package dev.holdfast.product.catalogue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A product.
 *
 * @param state {@code live}, {@code deleted} or {@code archived}
 * @param name empty when its content is no longer here
 * @param deletedAt null while it is live
 */
record Product(
        String vendor,
        String sku,
        long version,
        String state,
        @Nullable String gtin,
        String name,
        long priceMinor,
        String currency,
        String attributes,
        Instant updatedAt,
        @Nullable Instant deletedAt) {}
