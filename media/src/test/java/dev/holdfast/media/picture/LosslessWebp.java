package dev.holdfast.media.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the simplest WebP there is (RFC 9649, 3): each channel of each pixel as a code of eight bits. */
final class LosslessWebp {
    private static final int SIGNATURE = 0x2f;
    private static final int SIDE_BITS = 14;
    private static final int LITERALS = 256;
    private static final int LENGTH_CODES = 24;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long pending;
    private int pendingBits;

    static byte[] of(BufferedImage image) {
        byte[] pixels = new LosslessWebp().pixels(image);
        int padding = pixels.length & 1;
        ByteBuffer out = ByteBuffer.allocate(20 + pixels.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        out.put(SamplePictures.ascii("RIFF")).putInt(out.capacity() - 8).put(SamplePictures.ascii("WEBPVP8L"));
        out.putInt(pixels.length).put(pixels);
        return out.array();
    }

    private byte[] pixels(BufferedImage image) {
        bits(SIGNATURE, Byte.SIZE);
        bits(image.getWidth() - 1, SIDE_BITS);
        bits(image.getHeight() - 1, SIDE_BITS);
        // no alpha, version 0; neither transforms, nor a cache of colours, nor several groups of codes
        bits(0, 1 + 3 + 1 + 1 + 1);
        flatCode(LITERALS, LENGTH_CODES);
        flatCode(LITERALS, 0);
        flatCode(LITERALS, 0);
        singleCode(255);
        singleCode(0);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                code(rgb >> 8);
                code(rgb >> 16);
                code(rgb);
            }
        }
        bits(0, Byte.SIZE);
        return bytes.toByteArray();
    }

    /** Codes have their first bit first, and all else its last. */
    private void code(int value) {
        bits(Integer.reverse(value & 0xff) >>> (Integer.SIZE - Byte.SIZE), Byte.SIZE);
    }

    /** Each of the used symbols has eight bits; the lengths are themselves coded, with one bit for 0 and one for 8. */
    private void flatCode(int used, int unused) {
        bits(0, 1);
        // the lengths' own lengths come in the order 17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8
        bits(12 - 4, 4);
        for (int length : new int[] {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1}) {
            bits(length, 3);
        }
        bits(0, 1);
        for (int i = 0; i < used + unused; i++) {
            bits(i < used ? 1 : 0, 1);
        }
    }

    /** One symbol, which takes no bits. */
    private void singleCode(int symbol) {
        bits(1, 1);
        bits(0, 1);
        bits(1, 1);
        bits(symbol, Byte.SIZE);
    }

    private void bits(int value, int count) {
        pending |= (long) value << pendingBits;
        pendingBits += count;
        for (; pendingBits >= Byte.SIZE; pendingBits -= Byte.SIZE) {
            bytes.write((int) pending);
            pending >>>= Byte.SIZE;
        }
    }
}
