package dev.holdfast.audit.email;

import java.time.Instant;

/** What became of a change. */
public sealed interface AppendResult {
    /**
     * It is recorded now.
     *
     * @param told its number among the events about the user
     */
    record Appended(long version, Instant recordedAt, long told) implements AppendResult {}

    /** It was recorded before, under the same id with the same content. */
    record Exists(long version, Instant recordedAt) implements AppendResult {}

    /** The id stands for something else. */
    record Different(long version) implements AppendResult {}

    /** Somebody was faster. */
    record Stale(long currentVersion) implements AppendResult {}

    record ValidInTheFuture() implements AppendResult {}

    record Unknown() implements AppendResult {}

    record Erased() implements AppendResult {}
}
