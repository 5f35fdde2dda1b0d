package dev.holdfast.media.picture;

/** What became of a picture. */
public sealed interface PictureResult {
    /** It is in the target file. */
    record Rendered(PictureFormat format, int width, int height, long bytes) implements PictureResult {}

    /** There is no target file. */
    record Refused(Refusal refusal) implements PictureResult {}
}
