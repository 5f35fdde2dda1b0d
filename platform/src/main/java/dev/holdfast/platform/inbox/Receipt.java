package dev.holdfast.platform.inbox;

/** What to do with a message that carries its aggregate's version. */
public enum Receipt {
    /** The next one: apply it, in this transaction. */
    NEXT,
    /** Seen before: drop it. */
    DUPLICATE,
    /** An earlier one is missing: leave it, and wait. */
    GAP
}
