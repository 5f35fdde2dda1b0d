/**
 * What the catalogue shows: live products, and nothing else unless the caller may see more and says so.
 *
 * <p>Live products are read from the view {@code live_product}, here and everywhere; a test walks all statements of the
 * service and knows each of the few that may read more, with the reason why.
 */
@NullMarked
package dev.holdfast.product.catalogue;

import org.jspecify.annotations.NullMarked;
