package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Refusal.Reason;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a picture may ask of a decoder. All are checked before anything is decoded.
 *
 * @param bytes of a file
 * @param pixels of a frame; each costs up to 8 bytes of a worker's memory
 * @param side longest width or height, in pixels
 * @param frames of an animation
 * @param pixelsPerByte so far a file may be compressed, once it has more than {@link #HARMLESS_PIXELS}. Photographs reach
 *     50, a drawing on a large blank page some hundreds, a header without pixels a hundred thousand.
 */
public record PictureLimits(long bytes, long pixels, int side, int frames, int pixelsPerByte) {
    /** So few cost nothing, however small the file is. */
    public static final long HARMLESS_PIXELS = 4_000_000;

    public static final PictureLimits DEFAULT = new PictureLimits(25_000_000, 50_000_000, 16_384, 1_000, 1_000);

    public PictureLimits {
        if (bytes < 1 || pixels < 1 || side < 1 || frames < 1 || pixelsPerByte < 1) {
            throw new IllegalArgumentException("Each limit of a picture is at least 1");
        }
    }

    /** As arguments of a command; {@link #parse} reads them. */
    List<String> arguments() {
        return Stream.of(bytes, pixels, side, frames, pixelsPerByte)
                .map(String::valueOf)
                .toList();
    }

    static PictureLimits parse(List<String> arguments) {
        return new PictureLimits(
                Long.parseLong(arguments.get(0)),
                Long.parseLong(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)));
    }

    void requireBytes(long actual) throws RefusedException {
        if (actual > bytes) {
            throw new RefusedException(
                    Reason.TOO_MANY_BYTES,
                    "The file has %,d bytes, and at most %,d are allowed: save it smaller, or with more compression."
                            .formatted(actual, bytes));
        }
    }

    void require(PictureHeader header) throws RefusedException {
        requireBytes(header.bytes());
        if (Math.max(header.width(), header.height()) > side) {
            throw new RefusedException(
                    Reason.SIDE_TOO_LONG,
                    "The picture is %d × %d pixels, and a side may have %d: scale it down."
                            .formatted(header.width(), header.height(), side));
        }
        if (header.pixels() > pixels) {
            throw new RefusedException(
                    Reason.TOO_MANY_PIXELS,
                    "The picture has %,d pixels, and at most %,d are allowed: scale it down."
                            .formatted(header.pixels(), pixels));
        }
        if (header.frames() > frames) {
            throw new RefusedException(
                    Reason.TOO_MANY_FRAMES, "The animation has more than %,d frames: shorten it.".formatted(frames));
        }
        if (header.pixels() > HARMLESS_PIXELS && header.pixels() / pixelsPerByte > header.bytes()) {
            throw new RefusedException(
                    Reason.TOO_FEW_BYTES,
                    "The picture has %,d pixels in %,d bytes, which is more than %,d in each: scale it down."
                            .formatted(header.pixels(), header.bytes(), pixelsPerByte));
        }
    }
}
