package dev.holdfast.platform.outbox;

/** An event as it lies in the table. */
record ClaimedEvent(long id, OutboxEvent event) {}
