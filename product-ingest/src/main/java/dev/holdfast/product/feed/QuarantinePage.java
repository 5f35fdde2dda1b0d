package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.product.feed.QuarantineItemStore.Item;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some messages in quarantine, the oldest first, and the way to the next ones. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuarantinePage(
        List<QuarantineRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    /** @param found one more than asked for tells that there is a next page */
    static QuarantinePage of(List<Item> found, int limit) {
        return new QuarantinePage(
                Paging.shown(found, limit).stream()
                        .map(QuarantineRepresentation::ofList)
                        .toList(),
                Paging.next(found, limit, last -> String.valueOf(last.id())));
    }
}
