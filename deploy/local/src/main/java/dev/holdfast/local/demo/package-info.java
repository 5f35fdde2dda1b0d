/** A realistic feed, sent through the real topic, and the proof that nothing of it disappeared. */
@NullMarked
package dev.holdfast.local.demo;

import org.jspecify.annotations.NullMarked;
