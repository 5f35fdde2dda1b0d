package dev.holdfast.payments.transfer;

import org.jspecify.annotations.Nullable;

/**
 * Why a transfer does not happen, and what was found.
 *
 * @param account that stands in the way
 * @param position entries that this account had by then: its statement up to there is the evidence
 * @param availableMinor what it had available, or what was left of the hold
 * @param neededMinor what it would have taken
 */
public record Refusal(
        Reason reason,
        @Nullable Long account,
        @Nullable Long position,
        @Nullable Long availableMinor,
        @Nullable Long neededMinor) {

    static Refusal of(Reason reason) {
        return new Refusal(reason, null, null, null, null);
    }

    static Refusal of(Reason reason, AccountState account) {
        return new Refusal(reason, account.id(), account.entries(), null, null);
    }

    static Refusal of(Reason reason, AccountState account, long availableMinor, long neededMinor) {
        return new Refusal(reason, account.id(), account.entries(), availableMinor, neededMinor);
    }
}
