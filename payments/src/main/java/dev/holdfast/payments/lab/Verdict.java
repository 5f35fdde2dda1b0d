package dev.holdfast.payments.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What came of a run. */
@Schema(name = "LabVerdict")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verdict(
        @Schema(description = "Whether money was made or lost, an update was lost, or an account fell below zero")
        boolean violated,

        @Schema(description = "What all accounts had in the beginning")
        long moneyBefore,

        @Schema(description = "And in the end") long moneyAfter,

        @Schema(description = "Balances written over one that nobody had seen")
        int lostUpdates,

        @Schema(description = "Accounts below zero in the end")
        int negativeBalances,

        int posted,
        @Schema(description = "For want of money") int refused,
        int deadlocks,

        @Schema(description = "Stopped by the isolation level")
        int serializationFailures,

        @Schema(description = "Transactions that began again, for whatever reason")
        int retries,

        @Schema(description = "Given up after too many attempts")
        int givenUp,

        double transfersPerSecond,
        double p50Millis,
        double p99Millis,

        @Nullable @Schema(description = "The first conflict that did harm: who read and wrote what, when")
        Schedule guilty) {

    /**
     * @param account over which they came into conflict
     * @param steps of both transactions, in the order of the clock
     */
    @Schema(name = "LabSchedule")
    public record Schedule(int account, List<Step> steps) {}
}
