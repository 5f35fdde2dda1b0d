package dev.holdfast.media.variant;

import dev.holdfast.media.picture.PictureSpec;
import dev.holdfast.media.store.Sha256;

/**
 * All that a variant depends on.
 *
 * @param image hash of the original's bytes
 * @param engine that makes it: {@link Engine#id}
 */
record VariantKey(Sha256 image, PictureSpec spec, String engine) {}
