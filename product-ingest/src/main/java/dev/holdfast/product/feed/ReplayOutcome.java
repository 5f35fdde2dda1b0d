package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.platform.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message that was replayed.
 *
 * @param problem why it is still in quarantine, and what to change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayOutcome(
        long id,

        @Schema(enumeration = {"applied", "unchanged", "stale", "duplicate", "waiting", "quarantined"})
        String outcome,

        @Schema(enumeration = {"open", "replayed"}) String state,
        @Nullable Problem problem) {

    static ReplayOutcome of(long id, QuarantineService.Result.Replayed replayed) {
        Rejection rejection = replayed.rejection();
        return new ReplayOutcome(
                id,
                replayed.outcome().label(),
                replayed.outcome() == Outcome.QUARANTINED ? "open" : "replayed",
                rejection == null ? null : rejection.toProblem());
    }
}
