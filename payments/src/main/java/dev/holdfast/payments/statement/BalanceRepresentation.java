package dev.holdfast.payments.statement;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an account had. Amounts are in the smallest unit of the currency. */
@Schema(name = "Balance")
public record BalanceRepresentation(
        long account,
        String currency,
        long balanceMinor,

        @Schema(description = "The moment that was asked for")
        Instant asOf,

        @Schema(
                enumeration = {"recorded", "effective"},
                description = "What was known then, or what counts from then as we know now")
        String by,

        @Schema(description = "Entries that had been recorded by then")
        long entries) {}
