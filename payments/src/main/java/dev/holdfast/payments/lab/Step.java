package dev.holdfast.payments.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Something a client did, in the order of the clock.
 *
 * @param attempt of this transfer, from 1; each is a transaction
 * @param account null for what concerns the transaction
 * @param balance read or written
 * @param atMicros since the run began
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Step(
        int client,
        int transfer,
        int attempt,
        Deed deed,
        @Nullable Integer account,
        @Nullable Long balance,
        long atMicros) {
    /** What it was. */
    public enum Deed {
        BEGINS,
        READS,
        WRITES,
        COMMITS
    }
}
