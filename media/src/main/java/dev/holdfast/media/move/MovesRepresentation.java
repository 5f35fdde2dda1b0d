package dev.holdfast.media.move;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of many moves. */
@Schema(name = "Moves")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MovesRepresentation(
        @Schema(description = "Whether it only looked") boolean dryRun,

        @Schema(description = "Images that should be elsewhere")
        long found,

        @Schema(description = "Of what was found") long bytes,
        long moved,

        @Schema(description = "Moved by others meanwhile, or gone")
        long changed,

        @Schema(description = "Not what they should be: they stay, and the scrub tells of them")
        long damaged,

        @Schema(description = "Because of a store; the log says why")
        long failed,

        @Nullable @Schema(description = "Pass it as 'after' for the next ones; absent when there are none")
        UUID last) {
    static MovesRepresentation of(MovesReport report, boolean dryRun) {
        return new MovesRepresentation(
                dryRun,
                report.found(),
                report.bytes(),
                report.moved(),
                report.changed(),
                report.damaged(),
                report.failed(),
                report.last());
    }
}
