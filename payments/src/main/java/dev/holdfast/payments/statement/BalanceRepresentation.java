package dev.holdfast.payments.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an account had. Amounts are in the smallest unit of the currency. */
@Schema(name = "Balance")
@JsonInclude(JsonInclude.Include.NON_NULL)
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
        long entries,

        @Nullable @Schema(
                description =
                        "By recorded time: an answer for this moment or before never changes. One for a later moment can: a"
                                + " transfer may be on its way")
        Instant stableUntil) {}
