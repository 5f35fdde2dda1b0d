package dev.holdfast.media.picture;

/**
 * What to make of a picture. It is never enlarged, always upright, and carries no metadata over.
 *
 * @param width of the box, in pixels; 0 leaves it to the height
 * @param height of the box, in pixels; 0 leaves it to the width
 */
public record PictureSpec(int width, int height, Fit fit, PictureFormat format) {
    public static final int SIDE_MAX = 16_384;

    public enum Fit {
        /** The whole picture, as large as the box allows. */
        CONTAIN,
        /** The middle of the picture, in the shape of the box; smaller than the box where the picture is. */
        COVER
    }

    /** @throws IllegalArgumentException with a text for whoever asked, when there is no such box */
    public PictureSpec {
        if (width < 0 || width > SIDE_MAX || height < 0 || height > SIDE_MAX) {
            throw new IllegalArgumentException("Width and height are from 1 to %d pixels.".formatted(SIDE_MAX));
        }
        if (fit == Fit.COVER ? width == 0 || height == 0 : width == 0 && height == 0) {
            throw new IllegalArgumentException(
                    "To contain, a width or a height has to be given; to cover, both have to be.");
        }
    }
}
