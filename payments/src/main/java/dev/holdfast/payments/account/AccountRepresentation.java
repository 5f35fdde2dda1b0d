package dev.holdfast.payments.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An account as its owner sees it. Amounts are in the smallest unit of the currency. */
@Schema(name = "Account")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountRepresentation(
        long id,
        String owner,
        String name,
        String currency,

        @Schema(description = "What has come less what has gone")
        long balanceMinor,

        @Nullable @Schema(
                description =
                        "What may be spent: the balance less what is on hold, plus the limit; absent without limit")
        Long availableMinor,

        @Schema(description = "On hold for others") long heldMinor,
        @Schema(description = "On hold for this account") long expectedMinor,

        @Nullable @Schema(description = "How far below zero it may go; absent without limit")
        Long overdraftLimitMinor,

        boolean frozen,
        boolean closed,

        @Schema(description = "Of the settings; also the ETag, for the If-Match of an edit")
        long version,

        @Schema(description = "Transfers that touched it") long entries,
        Instant openedAt) {

    static AccountRepresentation of(Account account) {
        long balance = account.creditsPosted() - account.debitsPosted();
        Long limit = account.overdraftLimitMinor();
        return new AccountRepresentation(
                account.id(),
                account.owner(),
                account.name(),
                account.currency(),
                balance,
                limit == null ? null : Long.valueOf(balance - account.debitsPending() + limit),
                account.debitsPending(),
                account.creditsPending(),
                limit,
                account.frozen(),
                account.closed(),
                account.version(),
                account.entries(),
                account.openedAt());
    }
}
