package dev.holdfast.audit.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Events of a history, the oldest first. */
@Schema(name = "EmailHistoryPage")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmailHistoryPage(
        List<EmailEventRepresentation> items,

        @Nullable @Schema(description = "The 'from' of the next page; absent on the last")
        Instant nextFrom) {

    /** @param found one more than the page has, if there are more */
    static EmailHistoryPage of(List<EmailHistory.Disclosed> found, int limit) {
        boolean isLast = found.size() <= limit;
        List<EmailHistory.Disclosed> shown = isLast ? found : found.subList(0, limit);
        return new EmailHistoryPage(
                shown.stream().map(EmailEventRepresentation::of).toList(),
                isLast ? null : shown.getLast().event().recordedAt());
    }
}
