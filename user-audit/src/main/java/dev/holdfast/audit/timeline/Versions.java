package dev.holdfast.audit.timeline;

import org.jspecify.annotations.Nullable;

/** Versions from one to another, both included; none when there is no event. */
record Versions(long first, long last) {
    /** @param to the last one that is asked for; null for the latest */
    static Versions of(long head, @Nullable Long to) {
        long last = to == null ? head : Math.clamp(to, 1, Math.max(1, head));
        return new Versions(Math.max(1, last - Looks.EVENTS_MAX + 1), last);
    }
}
