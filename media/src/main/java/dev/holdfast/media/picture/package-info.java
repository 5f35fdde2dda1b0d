/**
 * Pictures from strangers: what they are, and smaller ones made of them.
 *
 * <p>No picture can take the server down. What it is, is read from its first bytes, with limits, and without decoding it
 * ({@link dev.holdfast.media.picture.PictureInspector}). It is decoded in a process of its own, with a limit of memory and
 * a deadline ({@link dev.holdfast.media.picture.PictureWorkers}): a decoder that is broken into, crashes or never ends costs
 * that one picture. More of them than can be worked on are turned away at once.
 */
@NullMarked
package dev.holdfast.media.picture;

import org.jspecify.annotations.NullMarked;
