package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureSpec.Fit;

/** The sizes that pages use, so that most requests find their variant made already. */
public enum Preset {
    THUMB(160),
    CARD(480),
    PAGE(1200),
    FULL(2400);

    private final int side;

    Preset(int side) {
        this.side = side;
    }

    /** The whole picture within a square. */
    public PictureSpec in(PictureFormat format) {
        return new PictureSpec(side, side, Fit.CONTAIN, format);
    }
}
