package dev.holdfast.media.move;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.store.Integrity;

/** What became of a move. */
public sealed interface MoveResult {
    /** It is there now. */
    record Moved(Blob blob) implements MoveResult {}

    /** It was there before. */
    record Already(Blob blob) implements MoveResult {}

    /** Somebody else has moved it meanwhile, or it is no longer live; nothing was done. */
    record Changed() implements MoveResult {}

    /** The bytes that were to be copied are not what they should be, so they stay where they are. */
    record Damaged(Integrity found) implements MoveResult {}
}
