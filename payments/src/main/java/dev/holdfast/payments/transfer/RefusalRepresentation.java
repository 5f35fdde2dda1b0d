package dev.holdfast.payments.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a transfer does not happen, and what was found. */
@Schema(name = "Refusal")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RefusalRepresentation(
        @Schema(description = "A stable word", examples = "insufficient_funds")
        String reason,

        String detail,

        @Nullable @Schema(description = "The account that stands in the way")
        Long account,

        @Nullable @Schema(description = "Entries it had by then: its statement up to there is the evidence")
        Long position,

        @Nullable @Schema(description = "What it had available, or what was left of the hold")
        Long availableMinor,

        @Nullable @Schema(description = "What it would have taken")
        Long neededMinor) {

    static RefusalRepresentation of(Refusal refusal) {
        return new RefusalRepresentation(
                refusal.reason().word(),
                refusal.reason().detail(),
                refusal.account(),
                refusal.position(),
                refusal.availableMinor(),
                refusal.neededMinor());
    }
}
