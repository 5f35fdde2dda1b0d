package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureSpec.Fit;

/**
 * How a picture becomes what is asked for: it is scaled as it is stored, then turned upright, then cropped. Computed here,
 * so that every engine gives the same number of pixels.
 *
 * @param scaledWidth before it is turned
 * @param scaledHeight before it is turned
 * @param left of what is kept, after it is turned
 * @param top likewise
 * @param width of the result
 * @param height of the result
 */
record RenderPlan(int scaledWidth, int scaledHeight, int orientation, int left, int top, int width, int height) {
    static RenderPlan of(PictureHeader header, PictureSpec spec) {
        int sourceWidth = header.shownWidth();
        int sourceHeight = header.shownHeight();
        double boxWidth = spec.width() == 0 ? Double.POSITIVE_INFINITY : spec.width();
        double boxHeight = spec.height() == 0 ? Double.POSITIVE_INFINITY : spec.height();
        double scale;
        double toWidth;
        double toHeight;
        if (spec.fit() == Fit.CONTAIN) {
            scale = Math.min(1, Math.min(boxWidth / sourceWidth, boxHeight / sourceHeight));
            toWidth = sourceWidth * scale;
            toHeight = sourceHeight * scale;
        } else {
            // a box larger than the picture shrinks and keeps its shape
            double smaller = Math.min(1, Math.min(sourceWidth / boxWidth, sourceHeight / boxHeight));
            toWidth = boxWidth * smaller;
            toHeight = boxHeight * smaller;
            scale = Math.max(toWidth / sourceWidth, toHeight / sourceHeight);
        }
        int width = pixels(toWidth);
        int height = pixels(toHeight);
        int shownWidth = Math.max(width, pixels(sourceWidth * scale));
        int shownHeight = Math.max(height, pixels(sourceHeight * scale));
        return new RenderPlan(
                header.isTransposed() ? shownHeight : shownWidth,
                header.isTransposed() ? shownWidth : shownHeight,
                header.orientation(),
                (shownWidth - width) / 2,
                (shownHeight - height) / 2,
                width,
                height);
    }

    boolean isUpright() {
        return orientation == ExifOrientation.UPRIGHT;
    }

    boolean isCropped() {
        int shownWidth = orientation >= 5 ? scaledHeight : scaledWidth;
        int shownHeight = orientation >= 5 ? scaledWidth : scaledHeight;
        return width != shownWidth || height != shownHeight;
    }

    private static int pixels(double length) {
        return (int) Math.max(1, Math.round(length));
    }
}
