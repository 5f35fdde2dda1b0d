package dev.holdfast.audit.erasure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of a step towards erasure. */
sealed interface ErasureResult {
    /** @param certificate null until it is done */
    record State(
            String requestedBy,
            Instant requestedAt,
            @Nullable String confirmedBy,
            @Nullable Instant erasedAt,
            @Nullable String certificate)
            implements ErasureResult {}

    /** Nobody has asked for it. */
    record NotRequested() implements ErasureResult {}

    /** Whoever asked cannot confirm. */
    record SamePerson() implements ErasureResult {}

    /** It must be kept. */
    record OnHold(String reason) implements ErasureResult {}

    record Unknown() implements ErasureResult {}
}
