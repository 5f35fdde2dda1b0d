package dev.holdfast.media.picture;

/** Which engine the workers load. */
public enum EngineChoice {
    /** libvips where it is installed, and Java otherwise. */
    BEST,
    /** libvips, or no worker starts. */
    VIPS,
    /** Java alone. */
    IMAGE_IO;

    /** @throws UnsatisfiedLinkError when what it needs is not installed */
    PictureEngine load() {
        return switch (this) {
            case BEST -> best();
            case VIPS -> new VipsEngine();
            case IMAGE_IO -> new ImageIoEngine();
        };
    }

    private static PictureEngine best() {
        try {
            return new VipsEngine();
        } catch (UnsatisfiedLinkError notInstalled) {
            return new ImageIoEngine();
        }
    }
}
