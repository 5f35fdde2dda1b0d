/**
 * Where the bytes of images are.
 *
 * <p>An upload is streamed to a staging file, hashed on its way, and then put into a store, of which there are three. What a put
 * has completed survives a power cut; what it has not completed is either not there under its final name or there whole. Stores
 * know no rows: who owns which bytes is the business of those above.
 */
@NullMarked
package dev.holdfast.media.store;

import org.jspecify.annotations.NullMarked;
