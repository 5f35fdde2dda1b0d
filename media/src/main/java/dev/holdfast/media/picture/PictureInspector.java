package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Refusal.Reason;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Says what a file is, from its bytes alone and without decoding: reads what stands before the pixels, and of animations
 * the frames' headers. Takes constant memory, and time that grows with the file's length at most.
 *
 * <p>A file can be a picture and something else as well: a JPEG with an archive behind it, a GIF with a script in a
 * comment. Such a polyglot is accepted when its head is that of a picture, because telling it from a telephone's picture
 * with a film behind it is guessing. It is made harmless where it is used: a variant is made anew of the pixels and
 * carries nothing else over, and an original is served with the type found here, {@code nosniff} and a sandbox, so that no
 * browser takes it for anything but this picture.
 */
public final class PictureInspector {
    private final PictureLimits limits;

    public PictureInspector(PictureLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads the file, so blocks.
     *
     * @throws IOException when it cannot be read, which is no fault of the picture
     */
    public Inspection inspect(Path file) throws IOException {
        try (HeaderInput in = HeaderInput.open(file)) {
            return new Inspection.Accepted(header(in));
        } catch (RefusedException refused) {
            return new Inspection.Refused(refused.refusal());
        }
    }

    private PictureHeader header(HeaderInput in) throws IOException, RefusedException {
        limits.requireBytes(in.size());
        PictureFormat format = PictureFormat.sniff(in.peek(PictureFormat.SNIFF_LENGTH))
                .orElseThrow(() -> new RefusedException(
                        Reason.UNSUPPORTED,
                        "The file is not a JPEG, PNG, WebP, GIF or AVIF picture: convert it to one of these."));
        PictureHeader header = switch (format) {
            case JPEG -> JpegHeader.read(in);
            case PNG -> PngHeader.read(in);
            case WEBP -> WebpHeader.read(in, limits.frames());
            case GIF -> GifHeader.read(in, limits.frames());
            case AVIF -> AvifHeader.read(in);
        };
        if (header.pixels() == 0) {
            throw RefusedException.broken("it is %d × %d pixels".formatted(header.width(), header.height()));
        }
        limits.require(header);
        return header;
    }
}
