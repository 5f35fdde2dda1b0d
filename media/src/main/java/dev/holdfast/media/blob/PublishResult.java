package dev.holdfast.media.blob;

/** What became of an upload. */
public sealed interface PublishResult {
    /** It is stored. */
    record Stored(Blob blob) implements PublishResult {}

    /** The same bytes were there; the reference is to those. */
    record Known(Blob blob) implements PublishResult {}

    /** The owner has no room for it, and nothing is kept. */
    record OverQuota(QuotaUse use) implements PublishResult {}

    /** It took longer than its intent lasts. */
    record Expired() implements PublishResult {}

    /** Nothing is kept: who was to have it has been erased. */
    record OwnerErased() implements PublishResult {}
}
