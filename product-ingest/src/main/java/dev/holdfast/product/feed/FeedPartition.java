package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where the feed stands in a partition, and what became of everything before. */
@Schema(
        description =
                "received = applied + unchanged + stale + duplicate + quarantined + waiting, and nextOffset + rewound ="
                        + " received + skipped; the database holds both")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FeedPartition(
        String topic,
        int partition,
        @Schema(description = "Rises with each new owner") long epoch,
        long nextOffset,
        long received,
        long applied,
        long unchanged,
        long stale,
        long duplicate,
        long quarantined,
        long waiting,

        @Schema(description = "Offsets without a message: expired or compacted")
        long skipped,

        @Schema(description = "Offsets that were given back to be read again")
        long rewound,

        @Nullable @Schema(description = "Why nothing is taken; absent while the feed goes on")
        String pausedReason,

        @Nullable Instant pausedAt) {}
