package dev.holdfast.product.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of the months of each table. */
public record RetentionRun(boolean dryRun, List<OfTable> tables) {
    /**
     * The months of one table.
     *
     * @param keepFrom what ended before may go; absent when everything is kept
     */
    @Schema(name = "RetentionRunOfTable")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OfTable(
            @Schema(description = "history, receipts or archive", examples = "history")
            String what,

            @Nullable @Schema(description = "Months that ended before may go; absent when everything is kept")
            Instant keepFrom,

            @Schema(examples = "[\"product_history_2026_12\"]")
            List<String> made,

            @Schema(examples = "[\"product_history_2025_10\"]")
            List<String> dropped) {}
}
