package dev.holdfast.media.picture;

/**
 * Why a picture is not taken.
 *
 * @param text for the one who sent it: what is wrong, and what to change
 */
public record Refusal(Reason reason, String text) {
    /** What programs tell apart. */
    public enum Reason {
        /** Not of a type, or coded in a way, that is read or written here. */
        UNSUPPORTED,
        /** More bytes than a picture may have. */
        TOO_MANY_BYTES,
        TOO_MANY_PIXELS,
        SIDE_TOO_LONG,
        TOO_MANY_FRAMES,
        /** So many pixels in so few bytes are a bomb sooner than a picture. */
        TOO_FEW_BYTES,
        /** Cut off, or against the rules of its format. */
        BROKEN,
        /** Not decoded within the deadline. On a machine that is overloaded, that may change. */
        TOO_SLOW,
        /** The process that decoded it died of it. */
        UNREADABLE
    }
}
