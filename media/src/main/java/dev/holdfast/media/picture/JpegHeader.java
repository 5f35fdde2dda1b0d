package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Refusal.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the segments of a JPEG up to the first scan (ITU T.81, annex B), as forgiving between them as libjpeg is. */
final class JpegHeader {
    private static final int MARKER = 0xff;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP1 = 0xe1;
    private static final int SOF_FIRST = 0xc0;
    private static final int SOF_PROGRESSIVE = 0xc2;
    private static final int SOF_LAST = 0xcf;
    private static final int DHT = 0xc4;
    private static final int JPG = 0xc8;
    private static final int DAC = 0xcc;
    private static final int TEM = 0x01;
    private static final int RST_FIRST = 0xd0;
    private static final int RST_LAST = 0xd7;
    private static final int PRECISION = 8;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private final HeaderInput in;
    private int width;
    private int height;
    private int orientation;

    private JpegHeader(HeaderInput in) {
        this.in = in;
    }

    static PictureHeader read(HeaderInput in) throws IOException, RefusedException {
        in.skip(2);
        return new JpegHeader(in).readSegments();
    }

    private PictureHeader readSegments() throws IOException, RefusedException {
        for (int marker = nextMarker(); marker != SOS; marker = nextMarker()) {
            if (marker == SOI || marker == EOI) {
                throw RefusedException.broken("its header does not end");
            }
            if (marker != TEM && (marker < RST_FIRST || marker > RST_LAST)) {
                readSegment(marker);
            }
        }
        return new PictureHeader(
                PictureFormat.JPEG,
                width,
                height,
                orientation == 0 ? ExifOrientation.UPRIGHT : orientation,
                1,
                in.size());
    }

    private int nextMarker() throws IOException, RefusedException {
        int next = in.u8();
        while (next != MARKER) {
            next = in.u8();
        }
        while (next == MARKER) {
            next = in.u8();
        }
        return next == 0 ? nextMarkerAfterStuffing() : next;
    }

    /** A zero behind the marker's first byte makes it data, which has no business here but is passed over. */
    private int nextMarkerAfterStuffing() throws IOException, RefusedException {
        int next = 0;
        while (next == 0) {
            while (in.u8() != MARKER) {}
            next = MARKER;
            while (next == MARKER) {
                next = in.u8();
            }
        }
        return next;
    }

    private void readSegment(int marker) throws IOException, RefusedException {
        int length = in.u16() - Short.BYTES;
        if (length < 0) {
            throw RefusedException.broken("a segment has no length");
        }
        long end = in.position() + length;
        if (isFrame(marker)) {
            readFrame(marker);
        } else if (marker == APP1 && orientation == 0 && length > EXIF.length) {
            byte[] content = in.bytes(length);
            if (Arrays.equals(content, 0, EXIF.length, EXIF, 0, EXIF.length)) {
                orientation = ExifOrientation.of(Arrays.copyOfRange(content, EXIF.length, length));
            }
        }
        if (end < in.position()) {
            throw RefusedException.broken("a segment is too short");
        }
        in.skip(end - in.position());
    }

    private static boolean isFrame(int marker) {
        return marker >= SOF_FIRST && marker <= SOF_LAST && marker != DHT && marker != JPG && marker != DAC;
    }

    private void readFrame(int marker) throws IOException, RefusedException {
        if (width != 0) {
            throw RefusedException.broken("it has two frame headers");
        }
        int precision = in.u8();
        if (marker > SOF_PROGRESSIVE || precision != PRECISION) {
            throw new RefusedException(
                    Reason.UNSUPPORTED,
                    "Of JPEG, only baseline and progressive with 8 bits are read: save the picture as one of these.");
        }
        height = in.u16();
        width = in.u16();
    }
}
