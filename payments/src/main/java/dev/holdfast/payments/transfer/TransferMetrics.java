package dev.holdfast.payments.transfer;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What became of transfers, by outcome and kind. */
final class TransferMetrics {
    private static final String NAME = "holdfast.payments.transfers";

    private final MeterRegistry meters;

    TransferMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void record(Submission submission, List<TransferResult> results) {
        for (int i = 0; i < results.size(); i++) {
            String outcome = switch (results.get(i)) {
                case TransferResult.Posted posted -> "posted";
                case TransferResult.Exists exists -> "exists";
                case TransferResult.Refused refused -> refused.repeated() ? "refused_before" : "refused";
                case TransferResult.Forbidden forbidden -> "forbidden";
            };
            meters.counter(
                            NAME,
                            "outcome",
                            outcome,
                            "kind",
                            submission.transfers().get(i).kind().word())
                    .increment();
        }
    }
}
