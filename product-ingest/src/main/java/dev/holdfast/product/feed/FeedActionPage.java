package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some of what people did to a partition, the newest first, and the way to the older ones. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FeedActionPage(
        List<FeedAction> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FeedAction(
            @Schema(enumeration = {"paused", "resumed", "rewound"})
            String action,

            @Schema(description = "Who did it") String subject,
            Instant at,
            @Nullable String reason,
            @Schema(description = "Where the feed stood") long fromOffset,

            @Schema(description = "Where it stands since then")
            long toOffset) {}

    /** @param found one more than asked for tells that there is a next page */
    static FeedActionPage of(List<PartitionAuditStore.Entry> found, int limit) {
        return new FeedActionPage(
                Paging.shown(found, limit).stream()
                        .map(PartitionAuditStore.Entry::action)
                        .toList(),
                Paging.next(found, limit, last -> String.valueOf(last.id())));
    }
}
