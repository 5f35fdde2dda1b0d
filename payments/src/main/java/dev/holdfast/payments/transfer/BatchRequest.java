package dev.holdfast.payments.transfer;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Transfers in the order in which they shall be decided. */
@Schema(name = "TransferBatch", requiredProperties = "transfers")
public record BatchRequest(
        @Schema(minItems = 1, maxItems = BatchRequest.SIZE_MAX) @Nullable List<@Nullable TransferRequest> transfers) {
    static final int SIZE_MAX = 8_000;
}
