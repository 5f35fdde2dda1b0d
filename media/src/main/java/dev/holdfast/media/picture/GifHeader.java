package dev.holdfast.media.picture;

import java.io.IOException;

/** Walks the blocks of a GIF (GIF89a specification) to count its frames. */
final class GifHeader {
    private static final int SIGNATURE_LENGTH = 6;
    private static final int HAS_COLOUR_TABLE = 0x80;
    private static final int COLOUR_TABLE_BITS = 0x07;
    private static final int COLOUR_LENGTH = 3;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2c;
    private static final int TRAILER = 0x3b;

    private final HeaderInput in;
    private final int framesMax;
    private int width;
    private int height;
    private int frames;

    private GifHeader(HeaderInput in, int framesMax) {
        this.in = in;
        this.framesMax = framesMax;
    }

    /** @param framesMax counting ends when there are more */
    static PictureHeader read(HeaderInput in, int framesMax) throws IOException, RefusedException {
        in.skip(SIGNATURE_LENGTH);
        return new GifHeader(in, framesMax).readBlocks();
    }

    private PictureHeader readBlocks() throws IOException, RefusedException {
        width = in.u16LittleEndian();
        height = in.u16LittleEndian();
        int flags = in.u8();
        in.skip(2);
        skipColourTable(flags);
        // many a GIF lacks its trailer; whether the pixels are complete is for the decoder to say
        while (frames <= framesMax && (frames == 0 || in.remaining() > 0)) {
            int block = in.u8();
            if (block == TRAILER) {
                break;
            }
            try {
                readBlock(block);
            } catch (RefusedException cutOff) {
                if (frames == 0) {
                    throw cutOff;
                }
                break;
            }
        }
        if (frames == 0) {
            throw RefusedException.broken("it has no frame");
        }
        return new PictureHeader(PictureFormat.GIF, width, height, ExifOrientation.UPRIGHT, frames, in.size());
    }

    private void readBlock(int block) throws IOException, RefusedException {
        switch (block) {
            case EXTENSION -> {
                in.skip(1);
                skipSubBlocks();
            }
            case IMAGE -> readFrame();
            default -> {
                if (frames == 0) {
                    throw RefusedException.broken("it has a block of no known kind");
                }
                in.skip(in.remaining());
            }
        }
    }

    private void readFrame() throws IOException, RefusedException {
        int right = in.u16LittleEndian();
        int bottom = in.u16LittleEndian();
        right += in.u16LittleEndian();
        bottom += in.u16LittleEndian();
        int flags = in.u8();
        if (frames == 0) {
            // where the first frame is larger than the screen, decoders make the screen larger
            width = Math.max(width, right);
            height = Math.max(height, bottom);
        }
        frames++;
        skipColourTable(flags);
        in.skip(1);
        skipSubBlocks();
    }

    private void skipColourTable(int flags) throws RefusedException {
        if ((flags & HAS_COLOUR_TABLE) != 0) {
            in.skip((long) COLOUR_LENGTH << ((flags & COLOUR_TABLE_BITS) + 1));
        }
    }

    private void skipSubBlocks() throws IOException, RefusedException {
        for (int length = in.u8(); length > 0; length = in.u8()) {
            in.skip(length);
        }
    }
}
