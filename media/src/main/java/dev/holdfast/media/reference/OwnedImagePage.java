package dev.holdfast.media.reference;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.media.Paging;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some of somebody's images. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OwnedImagePage(
        List<OwnedImageRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {
    static OwnedImagePage of(List<OwnedImageRepresentation> found, int limit) {
        return new OwnedImagePage(
                Paging.shown(found, limit),
                Paging.next(
                        found,
                        limit,
                        last -> List.of(last.role(), last.image().id().toString())));
    }
}
