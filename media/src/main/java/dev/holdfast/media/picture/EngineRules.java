package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Refusal.Reason;

/** What every engine holds to. */
final class EngineRules {
    private EngineRules() {}

    /**
     * Two parsers that read one file differently are how bombs get past a check: what the decoder sees is what was
     * checked, or less. (libvips takes the first frame of a GIF whose screen is larger than 2048 for all of it.)
     *
     * @param width that the decoder sees, in pixels, before the orientation is applied
     */
    static RenderPlan plan(PictureHeader header, int width, int height, PictureSpec spec) throws RefusedException {
        if (width < 1 || height < 1 || width > header.width() || height > header.height()) {
            throw RefusedException.broken("its header says %d × %d pixels, and its content %d × %d"
                    .formatted(header.width(), header.height(), width, height));
        }
        return RenderPlan.of(
                new PictureHeader(
                        header.format(), width, height, header.orientation(), header.frames(), header.bytes()),
                spec);
    }

    static RefusedException unsupported(PictureHeader header, PictureSpec spec) {
        return new RefusedException(
                Reason.UNSUPPORTED,
                "Nothing is installed here that makes %s of %s: ask for JPEG, or send one."
                        .formatted(spec.format(), header.format()));
    }
}
