package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of many messages that were replayed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplaySummary(
        @Schema(description = "How many were tried") int tried,

        @Schema(
                description =
                        "How many had which outcome; 'quarantined' is still open, 'settled_meanwhile' was settled by"
                                + " someone else, 'busy' can be tried again at once",
                examples = "{\"applied\": 41, \"quarantined\": 1}")
        Map<String, Integer> outcomes,

        @Nullable @Schema(description = "Send it as 'cursor' to go on; absent when there are no more")
        String nextCursor) {}
