package dev.holdfast.product.feed;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where the feed stands in a partition, and what became of everything before. */
@Schema(
        description =
                "received = applied + unchanged + stale + duplicate + quarantined + waiting, held by the database")
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
        long waiting) {}
