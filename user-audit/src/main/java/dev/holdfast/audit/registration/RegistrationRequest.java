package dev.holdfast.audit.registration;

import dev.holdfast.audit.email.EmailAddress;
import dev.holdfast.audit.profile.Profile;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Somebody who wants to be a user. Other fields are refused. */
@Schema(
        name = "Registration",
        requiredProperties = {"fullName", "email"})
public record RegistrationRequest(
        @Nullable @Schema(examples = "Ada Lovelace", maxLength = 200)
        String fullName,

        @Nullable @Schema(examples = "ada@example.org", maxLength = EmailAddress.LENGTH_MAX)
        String email,

        @Nullable @Schema(description = "E.164", examples = "+442079460000")
        String phoneNumber,

        Profile.@Nullable Address address,
        Profile.@Nullable Preferences preferences) {

    List<InvalidPart> violations() {
        var violations = new ArrayList<>(toProfile().violations());
        if (parseEmail().isEmpty()) {
            violations.add(
                    new InvalidPart("/email", "invalid_value", "is needed: an address such as ada@example.org."));
        }
        return violations;
    }

    Optional<EmailAddress> parseEmail() {
        return Optional.ofNullable(email).flatMap(EmailAddress::parse);
    }

    Profile toProfile() {
        return new Profile(fullName, phoneNumber, address, preferences);
    }
}
