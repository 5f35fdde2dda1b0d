package dev.holdfast.media.image;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.blob.QuotaUse;
import dev.holdfast.media.picture.Refusal;

/** What became of what somebody sent. Nothing is kept of it unless it is {@link Kept}. */
public sealed interface UploadResult {
    /** @param isNew false when the same bytes were there */
    record Kept(Blob blob, boolean isNew) implements UploadResult {}

    /** The owner has no room for it. */
    record OverQuota(QuotaUse use) implements UploadResult {}

    /** Nothing belongs to this owner again. */
    record OwnerErased() implements UploadResult {}

    /** It took too long. */
    record Expired() implements UploadResult {}

    record Refused(Refusal refusal) implements UploadResult {}

    static UploadResult of(PublishResult result) {
        return switch (result) {
            case PublishResult.Stored(Blob blob) -> new Kept(blob, true);
            case PublishResult.Known(Blob blob) -> new Kept(blob, false);
            case PublishResult.OverQuota(QuotaUse use) -> new OverQuota(use);
            case PublishResult.OwnerErased _ -> new OwnerErased();
            case PublishResult.Expired _ -> new Expired();
        };
    }
}
