package dev.holdfast.product.catalogue;

/**
 * A live product as it can be ordered.
 *
 * @param version our own version of the product, the one that events carry
 * @param priceMinor in the smallest unit of the currency
 */
public record Offer(ProductId id, long version, String name, long priceMinor, String currency) {}
