package dev.holdfast.payments.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some accounts and the way to more. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountPage(
        List<AccountRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'after' for the next page; absent on the last")
        Long nextAfter) {

    /** @param found one more than asked for tells that there is a next page */
    static AccountPage of(List<Account> found, int limit) {
        List<Account> shown = found.size() > limit ? found.subList(0, limit) : found;
        return new AccountPage(
                shown.stream().map(AccountRepresentation::of).toList(),
                found.size() > limit ? shown.getLast().id() : null);
    }
}
