package dev.holdfast.audit.email;

import dev.holdfast.audit.key.UserKey;
import dev.holdfast.audit.proof.Ciphertext;
import dev.holdfast.audit.proof.EventContent;
import dev.holdfast.audit.proof.EventHash;
import dev.holdfast.audit.proof.Hash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event with its address in the open, as it lies in a pack before that is encrypted. Its ciphertext and its hash can be made
 * again, byte by byte.
 *
 * @param address null where there is none, or none to read any more
 */
public record PlainEvent(
        long version,
        Instant recordedAt,
        Instant validFrom,
        UUID eventId,
        EmailOp op,
        @Nullable EmailAddress address,
        String actor,
        @Nullable String reason,
        String source) {

    /** What counts at a valid time: the latest one; of several the latest recorded. */
    static final Comparator<PlainEvent> BY_VALID_TIME =
            Comparator.comparing(PlainEvent::validFrom).thenComparingLong(PlainEvent::version);

    /** @param key null when its user is forgotten */
    static PlainEvent of(EmailEvent event, @Nullable UserKey key) {
        Ciphertext sealed = event.address();
        return new PlainEvent(
                event.version(),
                event.recordedAt(),
                event.validFrom(),
                event.eventId(),
                event.op(),
                sealed == null || key == null ? null : EmailAddress.ofBytes(key.decrypt(event.version(), sealed)),
                event.actor(),
                event.reason(),
                event.source());
    }

    /** Said nothing of since when. */
    boolean isUndated() {
        return validFrom.equals(recordedAt);
    }

    /** Says which address it was, as far as was known then. */
    boolean countsAt(Instant recorded, Instant valid) {
        return op != EmailOp.VERIFIED && !recordedAt.isAfter(recorded) && !validFrom.isAfter(valid);
    }

    /** As they were stored, with their hashes, the first of which follows from the previous one. */
    static List<EmailEvent> restore(UUID user, List<PlainEvent> events, UserKey key, Hash previous) {
        var restored = new ArrayList<EmailEvent>(events.size());
        Hash link = previous;
        for (PlainEvent event : events) {
            EmailAddress plain = event.address();
            Ciphertext address = plain == null ? null : key.encrypt(event.version(), event.eventId(), plain.bytes());
            link = EventHash.of(event.content(user, address), link);
            restored.add(event.with(user, address, link));
        }
        return restored;
    }

    private EventContent content(UUID user, @Nullable Ciphertext sealed) {
        return new EventContent(
                user, version, eventId, op.letter(), recordedAt, validFrom, sealed, actor, reason, source);
    }

    private EmailEvent with(UUID user, @Nullable Ciphertext sealed, Hash hash) {
        return new EmailEvent(user, version, recordedAt, validFrom, eventId, op, sealed, actor, reason, source, hash);
    }
}
