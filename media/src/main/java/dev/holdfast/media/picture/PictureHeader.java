package dev.holdfast.media.picture;

/**
 * What a file says of its picture before anything is decoded.
 *
 * @param width as stored, in pixels, before {@code orientation} is applied
 * @param height likewise
 * @param orientation of EXIF, 1 to 8; 1 is upright
 * @param frames 1 for a still; a variant shows the first one
 * @param bytes of the whole file
 */
public record PictureHeader(PictureFormat format, int width, int height, int orientation, int frames, long bytes) {
    /** From here on the rows of what is stored are columns of what is shown. */
    private static final int FIRST_TRANSPOSED = 5;

    public int shownWidth() {
        return isTransposed() ? height : width;
    }

    public int shownHeight() {
        return isTransposed() ? width : height;
    }

    public long pixels() {
        return (long) width * height;
    }

    boolean isTransposed() {
        return orientation >= FIRST_TRANSPOSED;
    }
}
