package dev.holdfast.product.order;

import dev.holdfast.product.catalogue.ProductId;

/**
 * A line as it was asked for.
 *
 * @param priceMinor of one piece, as it was shown
 */
record AskedLine(ProductId product, int quantity, long priceMinor, String currency) {
    /** What {@link OrderRequest#fingerprint} is made of, and so stored: a change makes known requests look new. */
    @Override
    public String toString() {
        return "%s %d %d %s".formatted(product, quantity, priceMinor, currency);
    }
}
