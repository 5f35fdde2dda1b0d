package dev.holdfast.payments.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A line of a statement. Amounts are in the smallest unit of the currency. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatementEntry(
        @Schema(description = "Number of the entry in this account, from 1 without gaps")
        long sequence,

        UUID transferId,

        @Schema(enumeration = {"post", "hold", "capture", "void", "expire", "reverse"})
        String kind,

        @Schema(description = "What the balance changed by; 0 for a hold and its release")
        long changeMinor,

        @Schema(description = "What the transfer was about") long amountMinor,
        @Schema(description = "The balance after it") long balanceMinor,

        @Schema(description = "The account on the other side")
        long otherAccount,

        Instant recordedAt,
        Instant effectiveAt,
        @Nullable String reference) {}
