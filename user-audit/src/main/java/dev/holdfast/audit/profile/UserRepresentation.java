package dev.holdfast.audit.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A user as callers see one. The e-mail address is asked for by itself: each look at it is logged. */
@Schema(name = "User")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserRepresentation(
        UUID id,
        @Nullable String fullName,
        @Nullable String phoneNumber,
        Profile.@Nullable Address address,
        Profile.@Nullable Preferences preferences,
        Instant createdAt) {

    static UserRepresentation of(UserEntity user) {
        Profile profile = user.toProfile();
        return new UserRepresentation(
                user.id(),
                profile.fullName(),
                profile.phoneNumber(),
                profile.address(),
                profile.preferences(),
                user.createdAt());
    }
}
