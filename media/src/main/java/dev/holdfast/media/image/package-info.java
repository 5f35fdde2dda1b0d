/** Uploads of images: what comes in is looked at before it is kept, and kept before it is acknowledged. */
@NullMarked
package dev.holdfast.media.image;

import org.jspecify.annotations.NullMarked;
