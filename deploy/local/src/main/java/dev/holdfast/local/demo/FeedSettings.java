package dev.holdfast.local.demo;

import java.util.List;

/**
 * What a feed shall be like.
 *
 * @param skuPrefix begins every article number, so that two feeds are about different products
 * @param vendors each gets about the same share of the products
 * @param products how many there are in all
 * @param updates how many messages there are beyond the first of each product
 * @param duplicateShare how many of all messages come twice, 0 to 1
 * @param reorderedShare how many of all messages are overtaken by later ones, 0 to 1
 * @param broken how many messages are added that nobody can apply
 * @param seed the same feed for the same seed
 */
public record FeedSettings(
        String skuPrefix,
        List<String> vendors,
        int products,
        int updates,
        double duplicateShare,
        double reorderedShare,
        int broken,
        long seed) {
    public FeedSettings {
        vendors = List.copyOf(vendors);
        if (vendors.isEmpty() || products < vendors.size()) {
            throw new IllegalArgumentException("A feed needs a vendor, and a product for each vendor");
        }
    }
}
