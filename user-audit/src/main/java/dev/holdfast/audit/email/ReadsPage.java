package dev.holdfast.audit.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who read about a user, the latest first. */
@Schema(name = "EmailReadsPage")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReadsPage(
        List<Item> items,

        @Nullable @Schema(description = "The 'before' of the next page; absent on the last")
        Instant nextBefore) {

    /** One look. */
    @Schema(name = "EmailRead")
    public record Item(
            Instant readAt,
            String reader,
            String purpose,
            @Schema(enumeration = {"state", "history"}) String what) {}

    /** @param found one more than the page has, if there are more */
    static ReadsPage of(List<Item> found, int limit) {
        boolean isLast = found.size() <= limit;
        List<Item> shown = isLast ? found : found.subList(0, limit);
        return new ReadsPage(shown, isLast ? null : shown.getLast().readAt());
    }
}
