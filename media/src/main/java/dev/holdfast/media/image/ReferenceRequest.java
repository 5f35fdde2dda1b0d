package dev.holdfast.media.image;

import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.owner.OwnerAccess;
import dev.holdfast.platform.security.Caller;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is to use an image, as what, in whatever way it was sent.
 *
 * @param role {@code image} when it is missing
 */
public record ReferenceRequest(
        @Nullable String ownerType,
        @Nullable String ownerId,
        @Nullable String role) {
    /** Under which it is sent. */
    public static final List<String> NAMES = List.of("ownerType", "ownerId", "role");

    public static ReferenceRequest of(Map<String, String> named) {
        return new ReferenceRequest(named.get("ownerType"), named.get("ownerId"), named.get("role"));
    }

    /** Fails with a problem unless it is whole, and the caller may add to what the owner has. */
    public Reference by(Caller caller) {
        return OwnerAccess.reference(caller, ownerType, ownerId, role == null ? "image" : role);
    }
}
