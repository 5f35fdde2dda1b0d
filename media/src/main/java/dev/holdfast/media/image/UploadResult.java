package dev.holdfast.media.image;

import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.picture.Refusal;

/** What became of what somebody sent. */
sealed interface UploadResult {
    record Published(PublishResult result) implements UploadResult {}

    /** Nothing is kept of it. */
    record Refused(Refusal refusal) implements UploadResult {}
}
