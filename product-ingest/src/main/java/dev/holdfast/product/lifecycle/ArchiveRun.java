package dev.holdfast.product.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the archiver did, and what is left for it.
 *
 * @param eligible products that may be archived; after a run, those that it left to the next
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ArchiveRun(
        boolean dryRun,

        @Schema(description = "Products that were deleted at this moment or before may be archived")
        Instant deletedUntil,

        @Schema(description = "By this run", examples = "1500")
        long archived,

        @Schema(description = "That may be archived, and are not yet", examples = "0")
        long eligible,

        @Nullable @Schema(description = "When the oldest of them was deleted; absent when there is none")
        Instant oldest,

        @Schema(description = "The eligible ones of each vendor that has any")
        List<OfVendor> vendors) {

    @Schema(name = "ArchiveRunOfVendor")
    public record OfVendor(
            @Schema(examples = "acme") String vendor,
            @Schema(examples = "1200") long eligible,
            Instant oldest) {}

    static ArchiveRun of(boolean dryRun, Instant deletedUntil, long archived, List<OfVendor> vendors) {
        return new ArchiveRun(
                dryRun,
                deletedUntil,
                archived,
                vendors.stream().mapToLong(OfVendor::eligible).sum(),
                vendors.stream().map(OfVendor::oldest).min(Instant::compareTo).orElse(null),
                vendors);
    }
}
