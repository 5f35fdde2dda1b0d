package dev.holdfast.payments.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of a batch, item by item, in its order. */
@Schema(name = "TransferBatchOutcomes")
public record BatchOutcomes(List<Item> outcomes) {

    /** One of them. */
    @Schema(name = "TransferOutcome")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            UUID id,

            @Schema(
                    enumeration = {"posted", "exists", "refused", "forbidden"},
                    description = "posted: it happened now; exists: before, with the same content")
            String outcome,

            @Nullable Instant recordedAt,
            @Nullable @Schema(description = "What moved") Long amountMinor,
            @Nullable RefusalRepresentation refusal) {}

    static BatchOutcomes of(List<Transfer> transfers, List<TransferResult> results) {
        return new BatchOutcomes(IntStream.range(0, results.size())
                .mapToObj(i -> item(transfers.get(i).id(), results.get(i)))
                .toList());
    }

    private static Item item(UUID id, TransferResult result) {
        return switch (result) {
            case TransferResult.Posted posted -> accepted("posted", posted.transfer());
            case TransferResult.Exists exists -> accepted("exists", exists.transfer());
            case TransferResult.Refused refused ->
                new Item(id, "refused", null, null, RefusalRepresentation.of(refused.refusal()));
            case TransferResult.Forbidden forbidden -> new Item(id, "forbidden", null, null, null);
        };
    }

    private static Item accepted(String outcome, RecordedTransfer transfer) {
        return new Item(transfer.id(), outcome, transfer.recordedAt(), transfer.amountMinor(), null);
    }
}
