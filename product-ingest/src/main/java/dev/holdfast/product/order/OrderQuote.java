package dev.holdfast.product.order;

import dev.holdfast.product.catalogue.Offer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the catalogue says to the lines of an order. */
sealed interface OrderQuote {
    record Priced(List<OrderLine> lines, long totalMinor, String currency) implements OrderQuote {}

    /** @param differences at least one */
    record Outdated(List<Difference> differences) implements OrderQuote {}

    /**
     * @param position of the line, from 0
     * @param offer as it is now; null when the product is not live
     */
    record Difference(
            int position, AskedLine asked, @Nullable Offer offer) {}
}
