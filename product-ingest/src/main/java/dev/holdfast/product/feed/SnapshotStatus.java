package dev.holdfast.product.feed;

import java.util.Locale;

/** Where a snapshot stands. */
enum SnapshotStatus {
    /** Not everything of it has arrived. */
    OPEN,
    /** Complete, and would delete too much: a person decides. */
    HELD,
    /** Complete, and a dry run. */
    REPORTED,
    /** What it does not list is being deleted. */
    APPLYING,
    /** What it did not list is deleted. */
    APPLIED,
    /** A person gave it up. */
    DISCARDED,
    /** A newer one began before it was complete, or before anyone decided. */
    SUPERSEDED,
    /** It was not complete in time. */
    EXPIRED;

    /** As stored, and as callers see it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
