package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailAddress;
import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailHistory.Disclosed;
import dev.holdfast.audit.email.EmailOp;
import java.time.Instant;
import java.util.Optional;

/**
 * Of an event, what is drawn.
 *
 * @param address empty for events that bring none, and for one that nobody can read any more
 */
record Entry(long version, EmailOp op, Instant recordedAt, Instant validFrom, Optional<String> address) {
    static Entry of(Disclosed disclosed) {
        EmailEvent event = disclosed.event();
        return new Entry(
                event.version(),
                event.op(),
                event.recordedAt(),
                event.validFrom(),
                disclosed.address().map(EmailAddress::text));
    }

    /** It says what was so before it was recorded: until then something else was believed. */
    boolean isOfThePast() {
        return validFrom.isBefore(recordedAt);
    }

    String name() {
        return "%d %s".formatted(version, op.word());
    }
}
