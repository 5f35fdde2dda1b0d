package dev.holdfast.media.scrub;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.media.Paging;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some damaged images. */
@Schema(name = "DamagePage")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DamagePage(
        List<DamageRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {
    static DamagePage of(List<DamageRepresentation> found, int limit) {
        return new DamagePage(
                Paging.shown(found, limit),
                Paging.next(found, limit, last -> List.of(last.id().toString())));
    }
}
