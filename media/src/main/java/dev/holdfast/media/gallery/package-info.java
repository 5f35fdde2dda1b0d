/**
 * Images for people: what is kept and who uses it, what nobody uses, and how the stores compare.
 *
 * <p>All of it works without scripts. Users see and change their own; operators all.
 */
@NullMarked
package dev.holdfast.media.gallery;

import org.jspecify.annotations.NullMarked;
