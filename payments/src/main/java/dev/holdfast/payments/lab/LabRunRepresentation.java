package dev.holdfast.payments.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A run: what it does, how far it is, and the verdict once it is over. */
@Schema(name = "LabRun")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LabRunRepresentation(
        UUID id,
        String mode,
        @Schema(description = "What the mode does") String description,
        int accounts,
        int clients,
        int transfers,
        int hot,
        long seed,
        @Schema(description = "Transfers that are decided") int done,

        @Nullable @Schema(description = "Absent while it runs")
        Verdict verdict,

        @Nullable @Schema(description = "Why it has no verdict, and will not have one")
        String failure) {

    static LabRunRepresentation of(LabRun run) {
        Load load = run.load();
        return new LabRunRepresentation(
                run.id(),
                load.mode().word(),
                load.mode().description(),
                load.accounts(),
                load.clients(),
                load.transfers(),
                load.hot(),
                load.seed(),
                run.done(),
                run.verdict(),
                run.failure());
    }
}
