package dev.holdfast.payments.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What operators, and the service itself, did to an account; newest first. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperatorActionPage(
        List<Item> items,

        @Nullable @Schema(description = "Pass it as 'before' for the next page; absent on the last")
        Long nextBefore) {

    /** One of them. */
    @Schema(name = "OperatorAction")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            long id,
            Instant actedAt,
            String subject,

            @Schema(
                    enumeration = {"open", "edit", "freeze", "post", "hold", "capture", "void", "reverse"},
                    description = "The kind of a transfer, when it took money from this account")
            String action,

            @Nullable @Schema(description = "The transfer, if it was one")
            UUID transferId,

            Map<String, Object> detail) {}

    /** @param found one more than asked for tells that there is a next page */
    static OperatorActionPage of(List<Item> found, int limit) {
        List<Item> shown = found.size() > limit ? found.subList(0, limit) : found;
        return new OperatorActionPage(
                shown, found.size() > limit ? shown.getLast().id() : null);
    }
}
