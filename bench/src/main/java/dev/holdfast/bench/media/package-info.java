/** Media beside what one would serve, make and keep images with instead. */
@NullMarked
package dev.holdfast.bench.media;

import org.jspecify.annotations.NullMarked;
