package dev.holdfast.media.owner;

import dev.holdfast.media.Roles;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import org.jspecify.annotations.Nullable;

/** Owners as callers name them, and who may act for which. */
public final class OwnerAccess {
    private static final int TYPE_LENGTH_MAX = 40;
    private static final int ID_LENGTH_MAX = 255;
    private static final int ROLE_LENGTH_MAX = 40;
    private static final ProblemType GONE = new ProblemType("gone", 410, "It is gone, and does not come back");

    private OwnerAccess() {}

    /** Fails with a problem unless it is one, of an owner that the caller may act for. */
    public static Reference reference(
            Caller caller, @Nullable String ownerType, @Nullable String ownerId, @Nullable String role) {
        var reference = new Reference(
                named("ownerType", ownerType, TYPE_LENGTH_MAX),
                named("ownerId", ownerId, ID_LENGTH_MAX),
                named("role", role, ROLE_LENGTH_MAX));
        caller.requireOwnership(
                reference.ownerType().equals(Reference.USER) ? reference.ownerId() : "",
                Roles.OPERATOR,
                "%s %s".formatted(reference.ownerType(), reference.ownerId()));
        return reference;
    }

    /** PostgreSQL has no NUL in texts, so nothing is called like that. */
    private static String named(String name, @Nullable String value, int lengthMax) {
        if (value == null || value.isBlank() || value.length() > lengthMax || value.indexOf('\0') >= 0) {
            throw ProblemException.invalidParameter(
                    name, "%s is needed, of 1 to %d characters, none of them NUL.".formatted(name, lengthMax));
        }
        return value;
    }

    /** For whoever wanted to give something to an owner who has been erased. */
    public static ProblemException erased(Reference reference) {
        return ProblemException.of(
                GONE,
                "%s %s has been erased: no image can belong to it again."
                        .formatted(reference.ownerType(), reference.ownerId()));
    }
}
