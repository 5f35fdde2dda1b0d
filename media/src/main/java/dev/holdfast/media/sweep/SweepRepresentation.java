package dev.holdfast.media.sweep;

import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a sweep has found. */
@Schema(name = "Sweep")
public record SweepRepresentation(
        @Schema(description = "Whether it only looked") boolean dryRun,

        @Schema(description = "Uploads that nobody has finished in time")
        long expired,

        @Schema(description = "Images that nobody uses") long unused,

        @Schema(description = "Uploads without an announcement")
        long staged,

        @Schema(description = "Bytes that no image has, in all stores")
        long stored,

        @Schema(description = "Of the unused and of the stored")
        long bytes,

        @Schema(description = "Whether a backup has kept it from deleting")
        boolean held,

        @Schema(
                description =
                        "Stores that could not be listed, or not be deleted from: files, postgres, s3, staging. The next sweep tries again; the"
                                + " log says why.")
        Set<String> failed) {
    static SweepRepresentation of(SweepReport report, boolean dryRun) {
        return new SweepRepresentation(
                dryRun,
                report.expired(),
                report.unused(),
                report.staged(),
                report.stored(),
                report.bytes(),
                report.held(),
                report.failed());
    }
}
