package dev.holdfast.product.feed;

import java.util.List;

/**
 * What the statement says of a batch.
 *
 * @param outcomes one per change, in their order
 * @param releasedGtins that no longer belong to whom they belonged before
 */
record AppliedBatch(List<Outcome> outcomes, List<String> releasedGtins) {}
