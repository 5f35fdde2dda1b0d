package dev.holdfast.media.picture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one thing of EXIF that changes how a picture looks (EXIF 2.32, tag 0x0112 of the first directory of its TIFF). */
final class ExifOrientation {
    static final int UPRIGHT = 1;

    private static final int LAST = 8;
    private static final int LITTLE_ENDIAN = 0x4949;
    private static final int BIG_ENDIAN = 0x4d4d;
    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY_LENGTH = 12;
    private static final int ENTRIES_MAX = 1_000;

    private ExifOrientation() {}

    /** @return 1 to 8; 1 when it is not said, or not understood: for broken EXIF nobody refuses a picture */
    static int of(byte[] tiff) {
        try {
            return find(ByteBuffer.wrap(tiff));
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException broken) {
            return UPRIGHT;
        }
    }

    private static int find(ByteBuffer tiff) {
        int order = tiff.getShort() & 0xffff;
        if (order != LITTLE_ENDIAN && order != BIG_ENDIAN) {
            return UPRIGHT;
        }
        tiff.order(order == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(Integer.BYTES);
        int entries = Math.min(tiff.getShort(directory) & 0xffff, ENTRIES_MAX);
        for (int i = 0; i < entries; i++) {
            int entry = directory + Short.BYTES + i * ENTRY_LENGTH;
            if ((tiff.getShort(entry) & 0xffff) == TAG && tiff.getShort(entry + Short.BYTES) == SHORT) {
                int value = tiff.getShort(entry + 2 * Integer.BYTES);
                return value >= UPRIGHT && value <= LAST ? value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }
}
