package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A full snapshot as callers see it. */
@Schema(name = "Snapshot")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotRepresentation(
        @Schema(examples = "acme") String vendor,
        @Schema(examples = "17") long number,

        @Schema(enumeration = {"open", "held", "reported", "applying", "applied", "discarded", "superseded", "expired"})
        String status,

        @Nullable @Schema(description = "Absent until its begin has arrived")
        Boolean dryRun,

        @Nullable @Schema(description = "How many products its end says it lists; absent until that has arrived")
        Long items,

        @Schema(description = "How many different products were listed so far")
        long listed,

        @Nullable @Schema(description = "The vendor's live products when it was complete")
        Long live,

        @Nullable @Schema(description = "How many of them it did not list and nobody had touched")
        Long missing,

        @Schema(description = "How many were deleted so far")
        long deleted,

        @Nullable @Schema(description = "Why an operator has to decide")
        String heldReason,

        @Nullable Instant firstSeenAt,
        @Nullable Instant begunAt,
        @Nullable Instant endedAt,
        @Nullable Instant finishedAt,

        @Nullable @Schema(description = "Who applied or discarded it")
        String decidedBy,

        @Nullable Instant decidedAt,
        @Nullable String note) {}
