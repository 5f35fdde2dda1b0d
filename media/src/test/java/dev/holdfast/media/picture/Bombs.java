package dev.holdfast.media.picture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Small files that are much work: each is within the limits, or would be if nobody looked twice. */
final class Bombs {
    private static final int[] ADAM7_LEFT = {0, 4, 0, 2, 0, 1, 0};
    private static final int[] ADAM7_TOP = {0, 0, 4, 0, 2, 0, 1};
    private static final int[] ADAM7_ACROSS = {8, 8, 4, 4, 2, 2, 1};
    private static final int[] ADAM7_DOWN = {8, 8, 8, 4, 4, 2, 2};
    private static final int DEEP_PIXEL_LENGTH = 8;
    private static final int BLOCK = 8;
    private static final int LONGEST_RUN = 32_767;
    private static final int RUN_BITS = 15;

    private Bombs() {}

    /** In passes and with 16 bits a channel: a decoder needs all of it in memory, at 8 bytes a pixel. */
    static byte[] deepInterlacedPng(int side) {
        long length = 0;
        for (int pass = 0; pass < ADAM7_LEFT.length; pass++) {
            long width = ceil(side - ADAM7_LEFT[pass], ADAM7_ACROSS[pass]);
            long height = ceil(side - ADAM7_TOP[pass], ADAM7_DOWN[pass]);
            length += height * (1 + width * DEEP_PIXEL_LENGTH);
        }
        byte[] header = ByteBuffer.allocate(13)
                .putInt(side)
                .putInt(side)
                .put(new byte[] {16, 6, 0, 0, 1})
                .array();
        return SamplePictures.concat(
                SamplePictures.PNG_SIGNATURE,
                SamplePictures.chunk("IHDR", header),
                SamplePictures.chunk("IDAT", deflatedZeros(length)),
                SamplePictures.chunk("IEND", new byte[0]));
    }

    private static byte[] deflatedZeros(long length) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_SPEED))) {
            byte[] zeros = new byte[1 << 16];
            for (long left = length; left > 0; left -= zeros.length) {
                out.write(zeros, 0, (int) Math.min(left, zeros.length));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static int ceil(int length, int step) {
        return (length + step - 1) / step;
    }

    /**
     * A progressive JPEG of one colour that says so again and again: a scan takes some fifty bytes, and its decoder visits
     * each block of the picture ("Two Issues with the JPEG Standard" of the libjpeg-turbo project).
     */
    static byte[] jpegOfManyScans(int side, int scans) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd8});
        byte[] quantisation = new byte[65];
        Arrays.fill(quantisation, 1, 65, (byte) 1);
        segment(out, 0xdb, quantisation);
        segment(
                out,
                0xc2,
                ByteBuffer.allocate(9)
                        .put((byte) 8)
                        .putShort((short) side)
                        .putShort((short) side)
                        .put(new byte[] {1, 1, 0x11, 0})
                        .array());
        // a table of one code, of one bit: no difference to the block before, or a run of blocks that are done
        segment(out, 0xc4, oneCode(0x00, 0x00));
        segment(out, 0xc4, oneCode(0x10, 0xe0));
        int blocks = ceil(side, BLOCK) * ceil(side, BLOCK);
        segment(out, 0xda, new byte[] {1, 1, 0x00, 0, 0, 0});
        out.writeBytes(new byte[ceil(blocks, Byte.SIZE)]);
        byte[] runs = runs(ceil(blocks, LONGEST_RUN));
        for (int i = 0; i < scans; i++) {
            segment(out, 0xda, new byte[] {1, 1, 0x00, 1, 63, 0});
            out.writeBytes(runs);
        }
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd9});
        return out.toByteArray();
    }

    private static byte[] oneCode(int table, int symbol) {
        byte[] content = new byte[18];
        content[0] = (byte) table;
        content[1] = 1;
        content[17] = (byte) symbol;
        return content;
    }

    /** Each is a zero and fourteen ones. */
    private static byte[] runs(int count) {
        var out = new ByteArrayOutputStream();
        for (int bit = 0; bit < ceil(count * RUN_BITS, Byte.SIZE) * Byte.SIZE; bit += Byte.SIZE) {
            int octet = 0;
            for (int i = 0; i < Byte.SIZE; i++) {
                octet = (octet << 1) | ((bit + i) % RUN_BITS == 0 && bit + i < count * RUN_BITS ? 0 : 1);
            }
            out.write(octet);
            if (octet == 0xff) {
                out.write(0);
            }
        }
        return out.toByteArray();
    }

    private static void segment(ByteArrayOutputStream out, int marker, byte[] content) {
        out.write(0xff);
        out.write(marker);
        out.writeBytes(
                ByteBuffer.allocate(2).putShort((short) (content.length + 2)).array());
        out.writeBytes(content);
    }

    /** A large screen, and a small frame on it. */
    static byte[] gifOfOneDot(int side, int length) {
        byte[] gif = SamplePictures.gifOnScreen(SamplePictures.plain(2, 2, 0xff0000), side, side, 1, 1);
        return padded(gif, length);
    }

    /** Longer, so that its pixels are no longer too many for its bytes. */
    static byte[] padded(byte[] content, int length) {
        return Arrays.copyOf(content, Math.max(length, content.length));
    }
}
