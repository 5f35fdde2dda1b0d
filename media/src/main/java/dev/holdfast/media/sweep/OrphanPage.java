package dev.holdfast.media.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.holdfast.media.Paging;
import dev.holdfast.media.sweep.OrphanRepresentation.Why;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How many orphans there are, and some of them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrphanPage(
        @JsonUnwrapped @Nullable @Schema(description = "On the first page")
        SweepRepresentation found,

        List<OrphanRepresentation> items,

        @Nullable @Schema(
                description =
                        "Pass it as 'cursor' for the next page; absent on the last. Bytes without an image are in no order: those that"
                                + " do not fit are found when these have been swept.")
        String nextCursor) {
    static OrphanPage of(@Nullable SweepRepresentation found, List<OrphanRepresentation> orphans, int limit) {
        String next = Paging.next(
                orphans, limit, last -> List.of(last.why().name(), last.id().toString()));
        List<OrphanRepresentation> shown = Paging.shown(orphans, limit);
        return new OrphanPage(found, shown, next != null && shown.getLast().why() == Why.WITHOUT_IMAGE ? null : next);
    }
}
