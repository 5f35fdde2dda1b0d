/**
 * Blobs and who uses them.
 *
 * <p>A blob is published in an order in which a crash at any point leaves bytes without a row, or nothing, and never a row
 * without bytes; and it can be attached to as long as it is live, and not a moment longer. Who has
 * been erased has none, however late an upload or an attach comes.
 */
@NullMarked
package dev.holdfast.media.blob;

import org.jspecify.annotations.NullMarked;
