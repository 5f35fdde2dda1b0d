/**
 * Images.
 *
 * <p>An image that was acknowledged survives a power cut; there is no row without bytes, and there are no bytes without a row for
 * longer than a sweep; and no picture can take the server down.
 */
@NullMarked
package dev.holdfast.media;

import org.jspecify.annotations.NullMarked;
