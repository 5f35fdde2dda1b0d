package dev.holdfast.media.picture;

import java.io.IOException;

/** Reads the chunks of a WebP (RFC 9649): the canvas, the frames of an animation, and the EXIF that stands behind them. */
final class WebpHeader {
    private static final int ANIMATED = 0x02;
    private static final int EXIF_LENGTH_MAX = 64 * 1024;
    private static final int VP8_START_CODE = 0x2a019d;
    private static final int VP8L_SIGNATURE = 0x2f;
    private static final int SIDE_BITS = 14;
    private static final int SIDE_MASK = (1 << SIDE_BITS) - 1;

    private final HeaderInput in;
    private final int framesMax;
    private int width;
    private int height;
    private boolean extended;
    private boolean animated;
    private int stills;
    private int frames;
    private int orientation = ExifOrientation.UPRIGHT;

    private WebpHeader(HeaderInput in, int framesMax) {
        this.in = in;
        this.framesMax = framesMax;
    }

    /** @param framesMax counting ends when there are more */
    static PictureHeader read(HeaderInput in, int framesMax) throws IOException, RefusedException {
        in.skip(Integer.BYTES);
        long end = in.u32LittleEndian() + in.position();
        if (end > in.size()) {
            throw RefusedException.truncated();
        }
        in.skip(Integer.BYTES);
        return new WebpHeader(in, framesMax).readChunks(end);
    }

    private PictureHeader readChunks(long end) throws IOException, RefusedException {
        while (in.position() + 2 * Integer.BYTES <= end && frames <= framesMax) {
            String type = in.fourCc();
            long length = in.u32LittleEndian();
            long next = in.position() + length + (length & 1);
            readChunk(type, length);
            if (next < in.position()) {
                throw RefusedException.broken("a chunk is too short");
            }
            in.skip(Math.min(next, in.size()) - in.position());
        }
        if (animated ? frames == 0 : stills != 1) {
            throw RefusedException.broken("it has %d pictures".formatted(stills));
        }
        return new PictureHeader(PictureFormat.WEBP, width, height, orientation, Math.max(frames, 1), in.size());
    }

    private void readChunk(String type, long length) throws IOException, RefusedException {
        switch (type) {
            case "VP8X" -> {
                if (width != 0) {
                    throw RefusedException.broken("its chunks are out of order");
                }
                extended = true;
                animated = (in.u8() & ANIMATED) != 0;
                in.skip(3);
                width = in.u24LittleEndian() + 1;
                height = in.u24LittleEndian() + 1;
            }
            case "VP8 " -> {
                in.skip(3);
                if (in.u24LittleEndian() != VP8_START_CODE) {
                    throw RefusedException.broken("it does not begin with a key frame");
                }
                addStill(in.u16LittleEndian() & SIDE_MASK, in.u16LittleEndian() & SIDE_MASK);
            }
            case "VP8L" -> {
                if (in.u8() != VP8L_SIGNATURE) {
                    throw RefusedException.broken("its pixels have no signature");
                }
                long sides = in.u32LittleEndian();
                addStill((int) (sides & SIDE_MASK) + 1, (int) (sides >> SIDE_BITS & SIDE_MASK) + 1);
            }
            case "ANMF" -> frames++;
            case "EXIF" ->
                orientation = length > EXIF_LENGTH_MAX ? orientation : ExifOrientation.of(in.bytes((int) length));
            default -> {}
        }
    }

    /** The canvas and the picture on it are said twice: a decoder that believes the other one would be surprised. */
    private void addStill(int ownWidth, int ownHeight) throws RefusedException {
        stills++;
        if (extended && (ownWidth != width || ownHeight != height)) {
            throw RefusedException.broken("it is not of the size of its canvas");
        }
        width = ownWidth;
        height = ownHeight;
    }
}
