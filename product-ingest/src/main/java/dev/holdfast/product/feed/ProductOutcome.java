package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.platform.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of an item that was posted.
 *
 * @param blockedBy the product whose GTIN it claims, while it waits for that
 * @param problem why it was not taken, and what to change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProductOutcome(
        @Schema(description = "Its place in the list, from 0")
        int position,

        @Nullable @Schema(examples = "acme:DRILL-18V") String id,
        @Nullable Long version,

        @Schema(enumeration = {"applied", "unchanged", "stale", "duplicate", "waiting", "refused"})
        String outcome,

        @Nullable @Schema(description = "The live product that has its GTIN", examples = "globex:DRILL")
        String blockedBy,

        @Nullable Problem problem) {

    static ProductOutcome of(FeedService.Settled settled) {
        int position = Math.toIntExact(settled.message().offset());
        return switch (settled.message().parsed()) {
            case ProductChange change ->
                new ProductOutcome(
                        position,
                        change.id(),
                        change.version(),
                        settled.outcome().label(),
                        settled.setAside() == null ? null : settled.setAside().blockedBy(),
                        null);
            case SnapshotMark mark ->
                new ProductOutcome(
                        position, null, mark.number(), settled.outcome().label(), null, null);
            case Rejection rejection ->
                new ProductOutcome(
                        position,
                        rejection.vendor() == null || rejection.sku() == null
                                ? null
                                : rejection.vendor() + ":" + rejection.sku(),
                        rejection.version(),
                        "refused",
                        null,
                        rejection.toProblem());
        };
    }
}
