package dev.holdfast.product.order;

import dev.holdfast.product.catalogue.ProductId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * A product as it was when it was ordered.
 *
 * @param productVersion the version that {@code product.events} tell of
 * @param unitPriceMinor in the order's currency
 */
@Embeddable
record OrderLine(
        @Column(name = "vendor_id", columnDefinition = OrderEntity.TEXT)
        String vendor,

        @Column(columnDefinition = OrderEntity.TEXT) String sku,
        long productVersion,
        @Column(columnDefinition = OrderEntity.TEXT) String name,
        long unitPriceMinor,
        int quantity) {
    ProductId product() {
        return new ProductId(vendor, sku);
    }
}
