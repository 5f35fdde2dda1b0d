package dev.holdfast.payments.transfer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one outcome of an id.
 *
 * @param amountMinor what moved; for a refused one what was asked for
 * @param balancingMinor what was asked for at most, when it was a balancing one
 * @param effectiveAt null for when it was recorded
 * @param expiresAt of a hold
 * @param entry where it stands in its accounts, or null when it was refused
 * @param refusal null unless it was refused
 */
public record RecordedTransfer(
        UUID id,
        Kind kind,
        @Nullable UUID of,
        @Nullable Long debitAccount,
        @Nullable Long creditAccount,
        @Nullable Long amountMinor,
        @Nullable String currency,
        @Nullable Long balancingMinor,
        @Nullable Instant effectiveAt,
        @Nullable Instant expiresAt,
        @Nullable String reference,
        Instant recordedAt,
        @Nullable Entry entry,
        @Nullable Refusal refusal) {

    /**
     * @param debitSequence number of the entry in the account that gave
     * @param debitBalanceMinor that account's posted balance after it
     */
    public record Entry(long debitSequence, long creditSequence, long debitBalanceMinor, long creditBalanceMinor) {}

    static RecordedTransfer refused(Transfer asked, Refusal refusal, Instant recordedAt) {
        return new RecordedTransfer(
                asked.id(),
                asked.kind(),
                asked.of(),
                asked.debitAccount(),
                asked.creditAccount(),
                asked.amountMinor(),
                asked.currency(),
                asked.balancing() ? asked.amountMinor() : null,
                asked.effectiveAt(),
                asked.expiresAt(),
                asked.reference(),
                recordedAt,
                null,
                refusal);
    }
}
