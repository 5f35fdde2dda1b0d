package dev.holdfast.payments.proof;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Something that does not add up. */
@Schema(name = "ProofViolation")
public record Violation(
        @Nullable @Schema(description = "Absent when all accounts of a currency together are wrong")
        Long account,

        String detail) {}
