package dev.holdfast.media.gallery;

import dev.holdfast.media.Roles;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.identity.SecurityIdentity;

/** Who looks. */
public record Visitor(String name, boolean operator) {
    static Visitor of(SecurityIdentity identity) {
        Caller caller = Caller.of(identity);
        return new Visitor(caller.subject(), caller.roles().contains(Roles.OPERATOR));
    }
}
