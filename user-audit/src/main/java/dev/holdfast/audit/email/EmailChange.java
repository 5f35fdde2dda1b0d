package dev.holdfast.audit.email;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be recorded.
 *
 * @param expectedVersion of the history that was seen; 0 for none
 * @param eventId chosen by the client; the same one again is answered as the first time
 * @param address of ops that bring one
 * @param validFrom null for when it is recorded
 */
public record EmailChange(
        UUID userId,
        long expectedVersion,
        UUID eventId,
        EmailOp op,
        @Nullable EmailAddress address,
        @Nullable Instant validFrom,
        String actor,
        @Nullable String reason,
        String source) {}
