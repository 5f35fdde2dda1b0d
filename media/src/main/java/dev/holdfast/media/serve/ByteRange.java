package dev.holdfast.media.serve;

/**
 * Some bytes of a representation.
 *
 * @param first from 0 on
 * @param last included
 */
public record ByteRange(long first, long last) {
    public long length() {
        return last - first + 1;
    }

    /** As the header {@code Content-Range} has it. */
    String of(long size) {
        return "bytes %d-%d/%d".formatted(first, last, size);
    }
}
