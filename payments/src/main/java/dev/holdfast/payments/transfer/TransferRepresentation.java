package dev.holdfast.payments.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an id stands for. Amounts are in the smallest unit of the currency. */
@Schema(name = "Transfer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TransferRepresentation(
        UUID id,

        @Schema(enumeration = {"post", "hold", "capture", "void", "expire", "reverse"})
        String kind,

        @Schema(enumeration = {"accepted", "refused"}) String outcome,
        @Nullable @Schema(description = "What it is about") UUID of,
        @Nullable Long debitAccount,
        @Nullable Long creditAccount,

        @Nullable @Schema(description = "What moved; of a refused one what was asked for")
        Long amountMinor,

        @Nullable String currency,

        @Nullable @Schema(description = "What was asked for at most, of a balancing one")
        Long balancingMinor,

        @Schema(description = "Since when it counts") Instant effectiveAt,
        Instant recordedAt,

        @Nullable @Schema(description = "When a hold ends by itself")
        Instant expiresAt,

        @Nullable String reference,

        @Nullable @Schema(description = "Its place in the account that gave, and the balance after it; when that is yours")
        Entry debit,

        @Nullable @Schema(description = "The same in the account that took; when that is yours")
        Entry credit,

        @Nullable RefusalRepresentation refusal) {

    /** One side of a transfer. */
    @Schema(name = "Entry")
    public record Entry(long sequence, long balanceMinor) {}

    /** @param sides whose balance may be seen */
    static TransferRepresentation of(RecordedTransfer transfer, Sides sides) {
        RecordedTransfer.Entry entry = transfer.entry();
        Refusal refusal = transfer.refusal();
        Instant effective = transfer.effectiveAt();
        return new TransferRepresentation(
                transfer.id(),
                transfer.kind().word(),
                refusal == null ? "accepted" : "refused",
                transfer.of(),
                transfer.debitAccount(),
                transfer.creditAccount(),
                transfer.amountMinor(),
                transfer.currency(),
                transfer.kind().isAboutAnother() ? null : transfer.balancingMinor(),
                effective == null ? transfer.recordedAt() : effective,
                transfer.recordedAt(),
                transfer.expiresAt(),
                transfer.reference(),
                entry == null || !sides.debit() ? null : new Entry(entry.debitSequence(), entry.debitBalanceMinor()),
                entry == null || !sides.credit() ? null : new Entry(entry.creditSequence(), entry.creditBalanceMinor()),
                refusal == null ? null : RefusalRepresentation.of(refusal));
    }
}
