package dev.holdfast.media.blob;

/** What became of a reference that somebody wanted to add. */
public sealed interface AttachResult {
    /** It was added. */
    record Attached() implements AttachResult {}

    /** It was there. */
    record Already() implements AttachResult {}

    /** The owner has no room for it. */
    record OverQuota(QuotaUse use) implements AttachResult {}

    /** There is no such blob, or none any more. */
    record Gone() implements AttachResult {}

    /** Nothing belongs to this owner again. */
    record OwnerErased() implements AttachResult {}
}
