package dev.holdfast.product.lifecycle;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a product is or was.
 *
 * @param rowVersion rises by one with each change
 * @param contentVersion the vendor's version that brought it; null when no message did
 * @param state {@code live}, {@code deleted} or {@code archived}
 * @param name empty when there is no content
 * @param sourcePartition of the message that brought it; null when it did not come from the topic
 * @param changedBy who brought it about, when no message did
 * @param validTo null while it stands
 */
record ProductVersion(
        String vendor,
        String sku,
        long rowVersion,
        @Nullable Long contentVersion,
        String state,
        @Nullable String gtin,
        String name,
        long priceMinor,
        String currency,
        String attributes,
        @Nullable Integer sourcePartition,
        @Nullable Long sourceOffset,
        @Nullable String changedBy,
        Instant validFrom,
        @Nullable Instant validTo) {}
