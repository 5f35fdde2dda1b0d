/**
 * Finds out whether what is stored is still what it was.
 *
 * <p>Each live blob is read and hashed, round after round, at a bounded speed. What is missing or damaged is copied from where it still
 * is whole, or else recorded until it is found whole again. A finding counts only when the row is still the same after it: what moved
 * or went meanwhile is not damaged.
 */
@NullMarked
package dev.holdfast.media.scrub;

import org.jspecify.annotations.NullMarked;
