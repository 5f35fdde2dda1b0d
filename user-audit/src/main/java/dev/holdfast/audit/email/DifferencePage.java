package dev.holdfast.audit.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Users about whom something was recorded between two moments, in the order of their ids. */
@Schema(name = "EmailDifferencePage")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DifferencePage(
        List<Item> items,

        @Nullable @Schema(description = "The 'after' of the next page; absent on the last")
        UUID nextAfter) {

    /** One of them. */
    @Schema(name = "EmailDifference")
    public record Item(UUID userId, PersonRepresentation before, PersonRepresentation after) {}

    static DifferencePage of(EmailHistory.Differences found) {
        return new DifferencePage(
                found.users().stream()
                        .map(one -> new Item(
                                one.before().user(),
                                PersonRepresentation.of(one.before()),
                                PersonRepresentation.of(one.after())))
                        .toList(),
                found.next().orElse(null));
    }
}
