package dev.holdfast.product.order;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why an order is no longer wanted. Other fields are refused. */
@Schema(
        name = "CancelRequest",
        requiredProperties = {"reason"})
public record CancelRequest(
        @Schema(examples = "Ordered twice by mistake", maxLength = 200) @Nullable String reason) {}
