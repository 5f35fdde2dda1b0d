package dev.holdfast.local.media;

import java.util.Comparator;

/**
 * An image as its row has it.
 *
 * @param sha256 in hexadecimal digits
 */
record ImageRef(String sha256, String id, long size) {
    static final Comparator<ImageRef> ORDER = Comparator.comparing(ImageRef::key);

    /** Under which name its file lies, as the service has it: {@code aa/bb/<sha256>.<id>}. */
    String key() {
        return "%s/%s/%s".formatted(sha256.substring(0, 2), sha256.substring(2, 4), name());
    }

    String name() {
        return sha256 + "." + id;
    }

    /** A line of a list. */
    String line() {
        return name() + " " + size;
    }

    static ImageRef ofLine(String line) {
        int dot = line.indexOf('.');
        int space = line.indexOf(' ');
        return new ImageRef(
                line.substring(0, dot), line.substring(dot + 1, space), Long.parseLong(line.substring(space + 1)));
    }
}
