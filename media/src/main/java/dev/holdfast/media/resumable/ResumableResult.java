package dev.holdfast.media.resumable;

import dev.holdfast.media.image.UploadResult;
import dev.holdfast.media.store.Sha256;

/** How it is with a resumable upload after a request. */
sealed interface ResumableResult {
    /** @param offset bytes that are safe */
    record Open(ResumableUpload upload, long offset) implements ResumableResult {}

    /** All of it has come. */
    record Kept(ResumableUpload upload, Sha256 image) implements ResumableResult {}

    /** All of it has come, in vain; there is no such upload any more. */
    record NotKept(ResumableUpload upload, UploadResult reason) implements ResumableResult {}

    /** Not for this caller. */
    record NoSuch() implements ResumableResult {}

    /** Somebody else is at it. */
    record Locked() implements ResumableResult {}

    /** @param offset where it goes on */
    record WrongOffset(long offset) implements ResumableResult {}

    /** More bytes than were announced; what lies before them may have been received. */
    record TooLong(long length) implements ResumableResult {}

    /** Not what the client has sent; none of it was received. */
    record WrongChecksum() implements ResumableResult {}

    /** The caller has as many unfinished ones as one may have. */
    record TooMany(int max) implements ResumableResult {}

    record Terminated() implements ResumableResult {}
}
