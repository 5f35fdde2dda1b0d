package dev.holdfast.media.picture;

import java.io.IOException;

/** Reads the chunks of a PNG up to its pixels (W3C PNG, third edition). */
final class PngHeader {
    private static final int SIGNATURE_LENGTH = 8;
    private static final int IHDR_LENGTH = 13;
    private static final int CRC_LENGTH = 4;
    private static final int EXIF_LENGTH_MAX = 64 * 1024;

    private PngHeader() {}

    static PictureHeader read(HeaderInput in) throws IOException, RefusedException {
        in.skip(SIGNATURE_LENGTH);
        if (in.u32() != IHDR_LENGTH || !in.fourCc().equals("IHDR")) {
            throw RefusedException.broken("it does not begin with its header");
        }
        int width = side(in);
        int height = side(in);
        in.skip(IHDR_LENGTH - 2 * Integer.BYTES + CRC_LENGTH);
        int frames = 1;
        int orientation = ExifOrientation.UPRIGHT;
        while (true) {
            long length = in.u32();
            String type = in.fourCc();
            long end = in.position() + length + CRC_LENGTH;
            switch (type) {
                case "IDAT" -> {
                    return new PictureHeader(PictureFormat.PNG, width, height, orientation, frames, in.size());
                }
                case "acTL" -> frames = (int) Math.min(in.u32(), Integer.MAX_VALUE);
                case "eXIf" ->
                    orientation = length > EXIF_LENGTH_MAX ? orientation : ExifOrientation.of(in.bytes((int) length));
                case "IHDR", "IEND" -> throw RefusedException.broken("its chunks are out of order");
                default -> {}
            }
            if (end < in.position()) {
                throw RefusedException.broken("a chunk is too short");
            }
            in.skip(end - in.position());
        }
    }

    private static int side(HeaderInput in) throws IOException, RefusedException {
        long side = in.u32();
        if (side > Integer.MAX_VALUE) {
            throw RefusedException.broken("its sides are longer than a PNG's can be");
        }
        return (int) side;
    }
}
