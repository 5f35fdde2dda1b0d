package dev.holdfast.audit.profile;

/** What became of an edit. */
sealed interface EditResult {
    record Edited(UserRepresentation user, long version) implements EditResult {}

    /** Somebody else was first. */
    record Stale(long currentVersion) implements EditResult {}

    record Unknown() implements EditResult {}
}
