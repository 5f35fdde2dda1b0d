package dev.holdfast.payments.account;

/** What became of an edit of an account's settings. */
sealed interface EditResult {
    record Edited(Account account) implements EditResult {}

    /** Somebody else was first. */
    record Stale(Account current) implements EditResult {}

    /** It owes more than the new limit allows. */
    record OverNewLimit(Account current) implements EditResult {}

    /** It cannot be closed while there is money in it or on hold. */
    record NotEmpty(Account current) implements EditResult {}

    /** Closed is closed. */
    record Closed(Account current) implements EditResult {}

    record Unknown() implements EditResult {}
}
