package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How many messages were refused for a reason, and what became of them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuarantineSummary(
        @Schema(examples = "unknown_vendor") String reason,
        long open,
        long replayed,
        long discarded,

        @Nullable @Schema(description = "Since when the oldest open one is there")
        Instant oldestOpen) {}
