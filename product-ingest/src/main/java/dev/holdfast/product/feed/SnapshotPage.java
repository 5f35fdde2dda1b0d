package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some snapshots, the newest first, and the way to older ones. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotPage(
        List<SnapshotRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    /** @param found one more than asked for tells that there is a next page */
    static SnapshotPage of(List<SnapshotRepresentation> found, int limit) {
        return new SnapshotPage(
                Paging.shown(found, limit), Paging.next(found, limit, last -> String.valueOf(last.number())));
    }
}
