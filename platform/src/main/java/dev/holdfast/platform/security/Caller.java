package dev.holdfast.platform.security;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.Set;

/**
 * Who calls. Roles open an endpoint; ownership opens a row.
 *
 * @param subject the token's {@code sub}
 * @param roles the token's {@code groups}
 */
public record Caller(String subject, Set<String> roles) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    public static Caller of(SecurityIdentity identity) {
        return new Caller(identity.getPrincipal().getName(), identity.getRoles());
    }

    public boolean mayActFor(String owner, String privilegedRole) {
        return subject.equals(owner) || roles.contains(privilegedRole);
    }

    /**
     * Fails with a 403 problem unless the caller owns the row or holds a role that stands above owners.
     *
     * @param what named in the answer, such as {@code "products of vendor acme"}
     */
    public void requireOwnership(String owner, String privilegedRole, String what) {
        if (!mayActFor(owner, privilegedRole)) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN,
                    "'%s' may not act on %s: use a token of '%s', or one with role '%s'."
                            .formatted(subject, what, owner, privilegedRole));
        }
    }
}
