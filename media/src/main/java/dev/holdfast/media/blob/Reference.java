package dev.holdfast.media.blob;

/**
 * Somebody who uses a blob.
 *
 * @param ownerType as {@code product} or {@code user}
 * @param ownerId of that type
 * @param role as what, such as {@code cover}
 */
public record Reference(String ownerType, String ownerId, String role) {
    /** The one type whose owners are callers, and can be erased. */
    public static final String USER = "user";

    public static final String PRODUCT = "product";
}
