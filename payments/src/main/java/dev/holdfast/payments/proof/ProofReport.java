package dev.holdfast.payments.proof;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a proof found. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProofReport(
        Instant provenAt,

        @Schema(description = "Accounts that had changed since the proof before, and were looked at")
        long changedAccounts,

        @Schema(description = "Entries that were read for it")
        long newEntries,

        List<Violation> violations) {}
