/**
 * Smaller pictures, made of originals when somebody asks for them.
 *
 * <p>One is made once, however many ask at the same time, and kept in a cache that may be lost at any time. It is served as long as
 * its image is there and not a moment longer, and never with other bytes than were made. What nobody has signed and no page uses is
 * not made at all; what cannot be decoded is not tried again and again.
 */
@NullMarked
package dev.holdfast.media.variant;

import org.jspecify.annotations.NullMarked;
