package dev.holdfast.audit.email;

import dev.holdfast.audit.proof.Ciphertext;
import dev.holdfast.audit.proof.EventContent;
import dev.holdfast.audit.proof.Hash;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a user's address.
 *
 * @param version its number in the user's history, from 1
 * @param validFrom since when it is so; when it was recorded, unless somebody said otherwise
 * @param address encrypted; null for events that bring none
 * @param actor who did it: the subject of a token
 * @param source through what: {@code api}, or {@code migration} for what was there before the history
 */
public record EmailEvent(
        UUID userId,
        long version,
        Instant recordedAt,
        Instant validFrom,
        UUID eventId,
        EmailOp op,
        @Nullable Ciphertext address,
        String actor,
        @Nullable String reason,
        String source,
        Hash hash) {

    /** What its hash covers. */
    public EventContent content() {
        return new EventContent(
                userId, version, eventId, op.letter(), recordedAt, validFrom, address, actor, reason, source);
    }
}
