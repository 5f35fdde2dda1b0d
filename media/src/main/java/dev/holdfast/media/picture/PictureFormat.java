package dev.holdfast.media.picture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is let in, and nothing else: above all not SVG, which is a program, and no TIFF, PDF or PSD, whose readers are large
 * and which browsers do not show.
 */
public enum PictureFormat {
    JPEG("image/jpeg", "jpg"),
    PNG("image/png", "png"),
    WEBP("image/webp", "webp"),
    GIF("image/gif", "gif"),
    AVIF("image/avif", "avif");

    /** So many bytes of a file are enough to {@link #sniff} it. */
    public static final int SNIFF_LENGTH = 64;

    private static final String PNG_MAGIC = "\u0089PNG\r\n\u001a\n";
    private static final int BRAND = 4;

    private final String mime;
    private final String extension;

    PictureFormat(String mime, String extension) {
        this.mime = mime;
        this.extension = extension;
    }

    public String mime() {
        return mime;
    }

    public String extension() {
        return extension;
    }

    /**
     * By its magic bytes (WHATWG MIME Sniffing, 6.1; AVIF by its brand, as the AV1 Image File Format asks). What a name or a
     * header of the upload says does not count.
     *
     * @param head the beginning of a file, {@link #SNIFF_LENGTH} bytes unless the file is shorter
     */
    public static Optional<PictureFormat> sniff(byte[] head) {
        if (matches(head, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (matches(head, 0, PNG_MAGIC)) {
            return Optional.of(PNG);
        }
        if (matches(head, 0, "GIF87a") || matches(head, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        if (matches(head, 0, "RIFF") && matches(head, 2 * BRAND, "WEBP")) {
            return Optional.of(WEBP);
        }
        return matches(head, BRAND, "ftyp") && hasBrand(head, "avif", "avis") ? Optional.of(AVIF) : Optional.empty();
    }

    /** Size, {@code ftyp}, major brand, version, then the compatible brands. */
    private static boolean hasBrand(byte[] head, String... brands) {
        int size = head.length < BRAND ? 0 : ((head[2] & 0xff) << Byte.SIZE) | (head[3] & 0xff);
        for (int at = 2 * BRAND; at + BRAND <= Math.min(size, head.length); at += at == 2 * BRAND ? 2 * BRAND : BRAND) {
            for (String brand : brands) {
                if (matches(head, at, brand)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean matches(byte[] head, int at, String magic) {
        byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
        return head.length >= at + bytes.length && Arrays.equals(head, at, at + bytes.length, bytes, 0, bytes.length);
    }
}
