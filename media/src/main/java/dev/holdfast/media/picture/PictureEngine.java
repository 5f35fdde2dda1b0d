package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureResult.Rendered;
import java.io.IOException;
import java.nio.file.Path;

/** Decodes, scales and encodes, in the process and on the thread of the caller. For one thread. */
interface PictureEngine {
    EngineDescription description();

    /**
     * The first frame is what is shown; colours are converted to sRGB; what is transparent becomes white in JPEG.
     *
     * @param header of the source; where the decoder sees more pixels than it says, the picture is refused
     * @param target replaced; when this fails there may be a part of it
     * @throws RefusedException when the picture is at fault
     * @throws IOException when it is not
     */
    Rendered render(Path source, PictureHeader header, PictureSpec spec, Path target)
            throws IOException, RefusedException;
}
