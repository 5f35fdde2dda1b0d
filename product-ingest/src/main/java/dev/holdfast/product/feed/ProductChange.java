package dev.holdfast.product.feed;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A message that was understood: how a product shall be.
 *
 * @param version the vendor's own
 * @param deleted the vendor no longer offers it
 * @param gtin 8, 12, 13 or 14 digits
 * @param priceMinor in the currency's smallest unit
 * @param attributes JSON object with sorted keys
 * @param contentHash 16 bytes; equal when everything but the version and the snapshot is equal
 * @param snapshot the full snapshot that lists it, if one does
 */
record ProductChange(
        String vendor,
        String sku,
        long version,
        boolean deleted,
        @Nullable String gtin,
        String name,
        long priceMinor,
        String currency,
        String attributes,
        Buffer contentHash,
        @Nullable Long snapshot)
        implements Parsed {
    private static final int GTIN_LENGTH = 14;

    /** As in URLs, and as the key of events. */
    String id() {
        return vendor + ":" + sku;
    }

    /** In 14 digits, as GTINs are compared; null when it claims none. */
    @Nullable String claimedGtin() {
        return deleted || gtin == null ? null : "0".repeat(GTIN_LENGTH - gtin.length()) + gtin;
    }
}
