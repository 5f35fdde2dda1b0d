package dev.holdfast.product.lifecycle;

/** What became of a deletion or restoration by hand. */
sealed interface LifecycleResult {
    /**
     * The product is as was asked, now or already before.
     *
     * @param changed false when there was nothing to do
     */
    record Done(ProductVersion version, boolean changed) implements LifecycleResult {}

    /** There never was such a product. */
    record UnknownProduct() implements LifecycleResult {}

    /** There never was such a version, or it is no longer kept. */
    record UnknownVersion() implements LifecycleResult {}

    /** The version, or every version, is without content. */
    record NoContent() implements LifecycleResult {}

    /** Two live products would claim one GTIN. */
    record GtinTaken(String gtin, String holder) implements LifecycleResult {}
}
