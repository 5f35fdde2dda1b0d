/** Owners attach images that are there, detach them, and look at what they have. */
@NullMarked
package dev.holdfast.media.reference;

import org.jspecify.annotations.NullMarked;
