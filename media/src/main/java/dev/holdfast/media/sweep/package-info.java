/**
 * Finds what nobody owns, and deletes it, without waiting for it to grow old.
 *
 * <p>Bytes are listed first and looked up afterwards: what has neither an intent nor a blob then, never will, because ids do not come
 * back. A blob is condemned while its row is locked, by a statement that begins after that: whoever wanted to attach to
 * it has done so by then, or will find it gone.
 */
@NullMarked
package dev.holdfast.media.sweep;

import org.jspecify.annotations.NullMarked;
