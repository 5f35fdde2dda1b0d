/**
 * Compares the stores on images that are kept.
 *
 * <p>Copies of a sample are written to each store as uploads are, read and deleted. Each copy has an intent from before its first byte
 * until after its last: so no sweep takes it away in the middle, and whatever a crash leaves is swept when the intent has expired.
 */
@NullMarked
package dev.holdfast.media.comparison;

import org.jspecify.annotations.NullMarked;
