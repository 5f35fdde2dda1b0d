package dev.holdfast.audit.email;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who had this address? In a body, because addresses of requests are logged by whatever stands in between. */
@Schema(
        name = "EmailHolders",
        requiredProperties = {"address", "purpose"})
public record HoldersRequest(
        @Nullable @Schema(examples = "ada@example.org") String address,

        @Nullable @Schema(description = "What was known then; now, if left out")
        String asOf,

        @Nullable @Schema(description = "Who had it then; at asOf, if left out")
        String validAt,

        @Nullable @Schema(description = "Why you want to know")
        String purpose,

        @Nullable @Schema(description = "nextAfter of the page before")
        String after,

        @Nullable @Schema(description = "1 to 500; 50, if left out")
        Integer limit) {}
