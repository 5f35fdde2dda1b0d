package dev.holdfast.product.catalogue;

/**
 * {@link ProductStore}'s statements. In this package because a benchmark of them is worth something only if they are
 * those very statements, and neither needs to be public for anyone else.
 */
public final class LiveQueries {
    /** Of the view {@code live_product}; parameters: vendor, sku. */
    public static final String BY_ID = ProductStore.LIVE_BY_ID;

    /** A page of the view {@code live_product}; parameters: vendor and sku of the product before, limit. */
    public static final String PAGE = ProductStore.LIVE_OF_ALL;

    private LiveQueries() {}
}
