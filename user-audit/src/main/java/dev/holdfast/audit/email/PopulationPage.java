package dev.holdfast.audit.email;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Users with their addresses at a moment, in the order of their ids; those who were not there yet are left out. */
@Schema(name = "EmailPopulationPage")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PopulationPage(
        List<PersonRepresentation> items,

        @Nullable @Schema(description = "The 'after' of the next page; absent on the last")
        UUID nextAfter) {

    static PopulationPage of(List<EmailHistory.Person> found, int limit) {
        return new PopulationPage(
                found.stream()
                        .filter(one -> one.state().isPresent())
                        .map(PersonRepresentation::of)
                        .toList(),
                found.size() < limit ? null : found.getLast().user());
    }

    static PopulationPage of(EmailHistory.Holders holders) {
        return new PopulationPage(
                holders.persons().stream().map(PersonRepresentation::of).toList(),
                holders.next().orElse(null));
    }
}
