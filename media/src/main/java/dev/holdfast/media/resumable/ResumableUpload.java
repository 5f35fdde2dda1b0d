package dev.holdfast.media.resumable;

import dev.holdfast.media.blob.Content;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.store.Sha256;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An upload that goes on after a break.
 *
 * @param id of its intent
 * @param subject who alone may touch it
 * @param length in bytes, of all of it
 * @param metadata as it was sent
 * @param accepted when all of it has come
 * @param isAnnounced whether its intent is there; otherwise it was kept, or given up
 */
record ResumableUpload(
        UUID id,
        String subject,
        Reference reference,
        long length,
        String metadata,
        Instant begunAt,
        Instant expiresAt,
        Optional<Accepted> accepted,
        boolean isAnnounced) {
    ResumableUpload until(Instant expiry) {
        return new ResumableUpload(id, subject, reference, length, metadata, begunAt, expiry, accepted, isAnnounced);
    }

    /** What all of it is. */
    record Accepted(Sha256 sha256, Content content) {}
}
