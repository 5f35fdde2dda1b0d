package dev.holdfast.audit.erasure;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why a history must be kept, or need not be any more. */
@Schema(
        name = "LegalHold",
        requiredProperties = {"held", "reason"})
public record HoldRequest(
        @Nullable Boolean held,

        @Nullable @Schema(description = "1 to 200 characters", examples = "Case 12/26 of the district court")
        String reason) {}
