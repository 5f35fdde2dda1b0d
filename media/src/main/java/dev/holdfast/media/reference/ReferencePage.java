package dev.holdfast.media.reference;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.media.Paging;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some of those who use an image. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReferencePage(
        List<ReferenceRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {
    static ReferencePage of(List<ReferenceRepresentation> found, int limit) {
        return new ReferencePage(
                Paging.shown(found, limit),
                Paging.next(found, limit, last -> List.of(last.ownerType(), last.ownerId(), last.role())));
    }
}
