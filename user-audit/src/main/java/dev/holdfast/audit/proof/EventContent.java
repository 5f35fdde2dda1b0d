package dev.holdfast.audit.proof;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All of an e-mail event that its hash covers. What {@link EventHash} could not encode without loss is refused here,
 * since two contents with one hash would prove nothing.
 *
 * @param version of the user's address, from 1 without a gap
 * @param op {@code r} registered, {@code c} changed, {@code k} corrected, {@code v} verified or {@code e} erased
 * @param recordedAt when we learned it; in microseconds, rising strictly per user
 * @param validFrom since when it is so; in microseconds
 * @param address null when the event has none, such as an erasure
 * @param source where it came from, such as {@code api}
 */
public record EventContent(
        UUID userId,
        long version,
        UUID eventId,
        char op,
        Instant recordedAt,
        Instant validFrom,
        @Nullable Ciphertext address,
        String actor,
        @Nullable String reason,
        String source) {
    private static final String OPS = "rckve";

    /** @throws IllegalArgumentException for a version or an op that there is not, and for what cannot be encoded */
    public EventContent {
        if (version < 1) {
            throw new IllegalArgumentException("version %d: the first one is 1".formatted(version));
        }
        if (OPS.indexOf(op) < 0) {
            throw new IllegalArgumentException("op '%c' is none of %s".formatted(op, OPS));
        }
        var _ = Micros.of(recordedAt);
        var _ = Micros.of(validFrom);
        requireText("actor", actor);
        requireText("reason", reason);
        requireText("source", source);
    }

    private static void requireText(String name, @Nullable String text) {
        if (text != null && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("%s has half of a character, which UTF-8 cannot encode".formatted(name));
        }
    }
}
