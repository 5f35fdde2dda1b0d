/**
 * Blobs that go to another store while they are read, attached to, detached from and swept.
 *
 * <p>At each moment a live blob's row names a copy that is there. A move makes another copy, as an upload makes the first one: its id is
 * announced, its bytes are staged, hashed and stored durably, and one statement replaces the announcement and the old copy by the new
 * one. Whatever is given up on the way is bytes that nobody owns.
 */
@NullMarked
package dev.holdfast.media.move;

import org.jspecify.annotations.NullMarked;
