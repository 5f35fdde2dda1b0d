package dev.holdfast.media.scrub;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a scrub has found. */
@Schema(name = "Scrub")
public record ScrubRepresentation(
        @Schema(description = "Images that are what they should be")
        long intact,

        @Schema(description = "Of the intact") long bytes,

        @Schema(description = "Images whose bytes are gone: see GET /damages")
        long missing,

        @Schema(description = "Images whose bytes have changed: see GET /damages")
        long corrupt,

        @Schema(description = "From another copy") long repaired,

        @Schema(description = "Were damaged, and are not any more")
        long cleared,

        @Schema(description = "Because their store did not answer")
        long unread,

        @Schema(description = "Whether the last image was reached; the next scrub begins with the first one")
        boolean finished) {
    static ScrubRepresentation of(ScrubReport report) {
        return new ScrubRepresentation(
                report.intact(),
                report.bytes(),
                report.missing(),
                report.corrupt(),
                report.repaired(),
                report.cleared(),
                report.unread(),
                report.finished());
    }
}
