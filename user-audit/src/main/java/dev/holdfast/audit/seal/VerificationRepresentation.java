package dev.holdfast.audit.seal;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What came of looking at everything. */
@Schema(name = "Verification")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerificationRepresentation(
        boolean verified,

        @Schema(description = "Events that hold, from the first on")
        long leaves,

        @Nullable @Schema(description = "The first that does not")
        Long badLeaf,

        @Nullable @Schema(description = "What is wrong with it")
        String detail) {}
