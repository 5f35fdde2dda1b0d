package dev.holdfast.media.store;

/** How bytes are found when they are hashed again. */
public enum Integrity {
    INTACT,
    MISSING,
    /** There are bytes, and not those that were put. */
    CORRUPT
}
