package dev.holdfast.payments.transfer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A locked account, as transfers see it.
 *
 * @param overdraftLimitMinor how far below zero it may go; null for without limit
 * @param entries transfers that touched it
 * @param lastEntryAt no entry is recorded before this
 */
record AccountState(
        long id,
        String owner,
        String currency,
        @Nullable Long overdraftLimitMinor,
        boolean frozen,
        boolean closed,
        long debitsPosted,
        long creditsPosted,
        long debitsPending,
        long creditsPending,
        long entries,
        @Nullable Instant lastEntryAt) {

    /** Counters stop here, far enough below the largest long for sums of them to be safe. */
    static final long COUNTER_MAX = 9_000_000_000_000_000_000L;

    long balance() {
        return creditsPosted - debitsPosted;
    }

    /** What may be spent: holds count as spent, money on hold for this account does not count as there. */
    long available() {
        return overdraftLimitMinor == null ? COUNTER_MAX : balance() - debitsPending + overdraftLimitMinor;
    }

    AccountState moved(long debits, long credits, long pendingDebits, long pendingCredits) {
        return new AccountState(
                id,
                owner,
                currency,
                overdraftLimitMinor,
                frozen,
                closed,
                debitsPosted + debits,
                creditsPosted + credits,
                debitsPending + pendingDebits,
                creditsPending + pendingCredits,
                entries + 1,
                lastEntryAt);
    }
}
